"""django_checks.py HOST PORT USER DATABASE: migrates the shop, runs every check and writes {name: result} as JSON.
A check is a function without arguments; what it gives is made text, an exception becomes its class and SQLSTATE."""
import contextlib
import datetime
import decimal
import io
import json
import pathlib
import sys
import uuid

import django
from django.conf import settings

host, port, user, database = sys.argv[1:5]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "HOST": host, "PORT": port, "USER": user, "NAME": database}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.admin",
                    "django.contrib.messages", "django_shop"],
    USE_TZ=True, TIME_ZONE="Europe/Berlin", DEFAULT_AUTO_FIELD="django.db.models.AutoField", SECRET_KEY="x",
    MIGRATION_MODULES={"django_shop": "django_shop.migrations"})
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection, models, transaction  # noqa: E402
from django.db.models import (Avg, BooleanField, Case, CharField, Count, Exists, ExpressionWrapper, F, FloatField, IntegerField, Max,  # noqa: E402
                              Min, OuterRef, Q, StdDev, Subquery, Sum, Value, Variance, When, Window)
from django.db.models import functions as fn  # noqa: E402
from django_shop.models import Address, Author, Book, Cover, Everything, Node, Tag, Tagging  # noqa: E402

utc = datetime.timezone.utc
checks = {}


def check(function):
    checks[function.__name__] = function
    return function


def text(value):
    if isinstance(value, dict):
        return {str(key): text(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, models.QuerySet)):
        return [text(item) for item in value]
    if isinstance(value, memoryview):
        return value.tobytes().hex()
    return value if isinstance(value, (str, bool, int, type(None))) else repr(value)


@check
def migrate():
    call_command("migrate", verbosity=0)
    return sorted(connection.introspection.table_names())


@check
def no_changes_left():
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("makemigrations", "--check", "--dry-run", stdout=out)
    return out.getvalue()


@check
def inspectdb():
    out = io.StringIO()
    call_command("inspectdb", stdout=out)
    return out.getvalue()


@check
def fixtures():
    tags = Tag.objects.bulk_create([Tag(name=name) for name in ("art", "code", "sea", "war")])
    for number, name in enumerate(("Ada", "Böll", "Çelik", "O'Neil", "ada lower")):
        Author.objects.create(name=name, email=f"{number}@x.org" if number % 2 else None, born=datetime.date(1900 + number * 17, number + 1, 28))
    authors = list(Author.objects.order_by("id"))
    for number in range(12):
        book = Book.objects.create(author=authors[number % 4], title=f"Title {number}", pages=number * 37, rating=number / 7 if number % 5 else None,
                                   price=decimal.Decimal(number) * decimal.Decimal("3.35"),
                                   published=datetime.datetime(2020, 1 + number, 28, 23, number, 30, 123456 * (number % 3), tzinfo=utc))
        Tagging.objects.create(book=book, tag=Tag.objects.get(name=tags[number % 4].name), weight=number)
    Cover.objects.create(book=Book.objects.get(title="Title 3"), image=bytes(range(256)))
    root = Node.objects.create(label="root")
    Node.objects.create(label="leaf", parent=root)
    for number in range(4):
        Everything.objects.create(
            big=(-1) ** number * 2 ** (62 - number), positive_big=2 ** 62, small=number - 32768, positive=number, flag=(True, False, None, True)[number],
            char=("a", "B", "ä", "")[number], day=datetime.date(2024, 2, 26 + number), moment=datetime.datetime(2024, 10, 27, number, 30, tzinfo=utc),
            clock=datetime.time(number, 59, 59, 999999), amount=decimal.Decimal(f"{number}.000{number}0"), span=datetime.timedelta(days=number, microseconds=-number),
            ratio=(0.1, 1e300, -2.5, 3.0)[number], key=uuid.UUID(int=number),
            url="http://x.org/", document=({"a": 1, "b": {"c": [1, 2, "x"]}}, [1, 2], None, {"a": None, "n": 1.50, "é": "ü"})[number], slug="s", data=b"\0\1\2")
    return [model.objects.count() for model in (Tag, Author, Book, Tagging, Cover, Node, Everything)]


@check
def every_field():
    return list(Everything.objects.order_by("id").values_list())


def titles(queryset):
    return sorted(queryset.values_list("title", flat=True))


# Lookups on books: name of the check → filter.
LOOKUPS = {
    "exact": {"title": "Title 3"}, "iexact": {"title__iexact": "tITLE 3"}, "contains": {"title__contains": "le 1"},
    "contains_wild": {"title__contains": "%"}, "icontains": {"title__icontains": "TLE 1"}, "in": {"pages__in": [37, 74, 1]},
    "in_empty": {"pages__in": []}, "gt": {"pages__gt": 200}, "gte": {"pages__gte": 222}, "lt": {"rating__lt": 1}, "lte": {"price__lte": decimal.Decimal("6.70")},
    "startswith": {"title__startswith": "Title 1"}, "istartswith": {"title__istartswith": "TITLE 1"}, "endswith": {"title__endswith": "1"},
    "iendswith": {"title__iendswith": "E 7"}, "range": {"pages__range": (30, 120)}, "date": {"published__date": datetime.date(2020, 4, 29)},
    "year": {"published__year": 2020}, "iso_year": {"published__iso_year": 2020}, "month": {"published__month__gte": 11}, "day": {"published__day": 29},
    "week": {"published__week": 9}, "week_day": {"published__week_day": 1}, "iso_week_day": {"published__iso_week_day": 7},
    "quarter": {"published__quarter": 2}, "time": {"published__time__lt": datetime.time(1, 0)}, "hour": {"published__hour": 1},
    "minute": {"published__minute": 7}, "second": {"published__second": 30}, "isnull": {"rating__isnull": True}, "notnull": {"rating__isnull": False},
    "regex": {"title__regex": r"^Title \d$"}, "iregex": {"title__iregex": r"TITLE 1[01]"}, "regex_class": {"title__regex": r"[[:digit:]]{2}"},
    "follow": {"author__name": "Böll"}, "follow_two": {"tagging__tag__name__startswith": "c"}, "reverse_one": {"cover__isnull": False},
    "published_exact": {"published": datetime.datetime(2020, 3, 28, 23, 2, 30, 246912, tzinfo=utc)}, "f_compare": {"pages__gt": F("rating") * 40},
    "price_exact": {"price": decimal.Decimal("3.35")}, "author_in_subquery": {"author__in": Author.objects.filter(name__lt="B")},
    "born": {"author__born__year__lt": 1930}, "year_range": {"published__year__range": (2019, 2020)},
}
for name, lookup in LOOKUPS.items():
    checks[f"lookup_{name}"] = lambda lookup=lookup: titles(Book.objects.filter(**lookup))

# Lookups on JSON documents, and on the other types.
DOCUMENTS = {
    "key": {"document__a": 1}, "key_null": {"document__a": None}, "path": {"document__b__c__0": 1}, "path_text": {"document__b__c__2": "x"},
    "contains": {"document__contains": {"a": 1}}, "contains_list": {"document__contains": [2]}, "contained_by": {"document__contained_by": [1, 2, 3]},
    "has_key": {"document__has_key": "a"}, "has_keys": {"document__has_keys": ["a", "b"]}, "has_any_keys": {"document__has_any_keys": ["z", "n"]},
    "isnull": {"document__isnull": True}, "key_isnull": {"document__b__isnull": False}, "icontains": {"document__b__icontains": "X"},
    "gt": {"document__n__gt": 1}, "exact": {"document": [1, 2]}, "unicode": {"document__é": "ü"}, "in": {"document__a__in": [1, 2]},
    "span": {"span__gt": datetime.timedelta(days=1)}, "uuid": {"key": uuid.UUID(int=2)}, "flag": {"flag": True},
    "clock": {"clock__hour": 2}, "bytes": {"data": b"\0\1\2"}, "day": {"day": datetime.date(2024, 2, 29)}, "amount": {"amount": decimal.Decimal("2.000200")},
    "big": {"big__lt": 0}, "day_week": {"day__week": 9}, "char_empty": {"char": ""}, "char_upper": {"char__iexact": "Ä"},
}
for name, lookup in DOCUMENTS.items():
    checks[f"typed_{name}"] = lambda lookup=lookup: list(Everything.objects.filter(**lookup).order_by("id").values_list("id", flat=True))

# Expressions over books, in order of their ids.
EXPRESSIONS = {
    "lower": fn.Lower("title"), "upper": fn.Upper("author__name"), "length": fn.Length("author__name"), "concat": fn.Concat("title", Value("-"), "author__name"),
    "substr": fn.Substr("title", 2, 3), "left": fn.Left("title", 3), "right": fn.Right("title", 3), "coalesce": fn.Coalesce("rating", 0.0),
    "greatest": fn.Greatest("pages", 100), "least": fn.Least("pages", 100), "cast_text": fn.Cast("pages", CharField(max_length=5)),
    "cast_int": fn.Cast("price", IntegerField()), "cast_float": fn.Cast("price", FloatField()), "nullif": fn.NullIf("pages", 37), "abs": fn.Abs(F("pages") - 100),
    "ceil": fn.Ceil("rating"), "floor": fn.Floor("rating"), "round": fn.Round("price"), "sqrt": fn.Sqrt("pages"), "power": fn.Power("pages", 2), "mod": fn.Mod("pages", 7),
    "sign": fn.Sign(F("pages") - 37), "exp": fn.Exp("rating"), "ln": fn.Ln(F("pages") + 1), "log": fn.Log(10, F("pages") + 1), "sin": fn.Sin("rating"),
    "atan2": fn.ATan2("rating", Value(2.0)), "degrees": fn.Degrees("rating"), "pi": fn.Pi(),
    "replace": fn.Replace("title", Value("Title"), Value("T")), "reverse": fn.Reverse("title"), "repeat": fn.Repeat("title", 2), "lpad": fn.LPad("title", 10, Value("*")),
    "rpad": fn.RPad("title", 10, Value("*")), "trim": fn.Trim(Value("  x ")), "ltrim": fn.LTrim(Value("  x ")), "chr": fn.Chr(Value(228)), "ord": fn.Ord("author__name"),
    "md5": fn.MD5("title"), "strindex": fn.StrIndex("title", Value("e")), "year": fn.ExtractYear("published"), "month": fn.ExtractMonth("published"),
    "week": fn.ExtractWeek("published"), "weekday": fn.ExtractWeekDay("published"), "isoyear": fn.ExtractIsoYear("published"), "hour": fn.ExtractHour("published"),
    "quarter": fn.ExtractQuarter("published"), "second": fn.ExtractSecond("published"), "trunc_year": fn.TruncYear("published"), "trunc_quarter": fn.TruncQuarter("published"),
    "trunc_month": fn.TruncMonth("published"), "trunc_week": fn.TruncWeek("published"), "trunc_day": fn.TruncDay("published"), "trunc_hour": fn.TruncHour("published"),
    "trunc_minute": fn.TruncMinute("published"), "trunc_date": fn.TruncDate("published"), "trunc_time": fn.TruncTime("published"), "trunc_second": fn.TruncSecond("published"),
    "sum": F("pages") + F("pages") * 2 - 1, "divide": F("pages") / 2, "decimal": F("price") * 2, "bits": F("pages").bitand(12), "shift": F("pages").bitleftshift(2),
    "case": Case(When(pages__gt=200, then=Value("long")), When(rating=None, then=Value("?")), default=Value("short"), output_field=CharField()),
    "boolean": ExpressionWrapper(Q(pages__gt=100), output_field=BooleanField()), "later": ExpressionWrapper(F("published") + datetime.timedelta(days=1, seconds=3), output_field=models.DateTimeField()),
    "between": ExpressionWrapper(F("published") - datetime.datetime(2020, 1, 1, tzinfo=utc), output_field=models.DurationField()),
    "rank": Window(fn.Rank(), partition_by=F("author"), order_by=F("pages").desc()), "row_number": Window(fn.RowNumber(), order_by=F("id").asc()),
    "lag": Window(fn.Lag("pages", 2, 0), order_by=F("id").asc()), "ntile": Window(fn.Ntile(3), order_by=F("id").asc()),
    "running": Window(Sum("pages"), order_by=F("id").asc()), "first": Window(fn.FirstValue("title"), partition_by=F("author"), order_by=F("id").asc()),
    "percent_rank": Window(fn.PercentRank(), order_by=F("pages").asc()), "cume_dist": Window(fn.CumeDist(), order_by=F("pages").asc()),
    "exists": Exists(Tagging.objects.filter(book=OuterRef("pk"), weight__gt=5)), "subquery": Subquery(Tagging.objects.filter(book=OuterRef("pk")).values("weight")[:1]),
    "count_sub": Count("tagging"), "collate": fn.Collate("title", "C"), "json_object": fn.JSONObject(t="title", p="pages"), "sha": fn.SHA256("title"),
}
for name, expression in EXPRESSIONS.items():
    checks[f"expression_{name}"] = lambda expression=expression: list(Book.objects.annotate(x=expression).order_by("id").values_list("x", flat=True))

AGGREGATES = {
    "count": Count("rating"), "count_all": Count("*"), "distinct": Count("author", distinct=True), "sum": Sum("pages"), "sum_price": Sum("price"), "avg": Avg("pages"),
    "avg_price": Avg("price"), "avg_rating": Avg("rating"), "min": Min("title"), "max": Max("published"), "filter": Count("id", filter=Q(pages__gt=100)),
    "stddev": StdDev("pages"), "variance": Variance("price", sample=True), "sum_expression": Sum(F("pages") * F("price"), output_field=models.DecimalField()),
}
for name, aggregate in AGGREGATES.items():
    checks[f"aggregate_{name}"] = lambda aggregate=aggregate: Book.objects.aggregate(x=aggregate)["x"]
    checks[f"group_{name}"] = lambda aggregate=aggregate: list(Author.objects.filter(books__isnull=False).order_by("id").values("name").annotate(
        x=Count("books")).order_by("name").values_list("name", "x")) if aggregate is AGGREGATES["count"] else list(
        Book.objects.values("author_id").annotate(x=aggregate).order_by("author_id").values_list("author_id", "x"))


@check
def ordering_nulls():
    return [list(Book.objects.order_by(order, "id").values_list("id", flat=True)) for order in
            (F("rating").asc(), F("rating").desc(), F("rating").asc(nulls_first=True), F("rating").desc(nulls_last=True))]


@check
def distinct_on():
    return list(Book.objects.order_by("author_id", "-pages").distinct("author_id").values_list("author_id", "title"))


@check
def slices():
    return [list(Book.objects.order_by("id").values_list("id", flat=True)[at]) for at in (slice(0, 3), slice(3, 5), slice(10, 40))]


@check
def set_operations():
    first, second = Book.objects.filter(pages__lt=200).values("title"), Book.objects.filter(pages__gt=100).values("title")
    return [sorted(row["title"] for row in query) for query in (first.union(second), first.intersection(second), first.difference(second), first.union(second, all=True))]


@check
def dates():
    return [list(Book.objects.dates("published", "month")), list(Book.objects.datetimes("published", "quarter"))]


@check
def related():
    return [[(book.author.name, [tag.name for tag in book.tags.all()]) for book in Book.objects.select_related("author").prefetch_related("tags").order_by("id")]]


@check
def having():
    return list(Author.objects.annotate(n=Count("books")).filter(n__gt=1).order_by("id").values_list("name", "n"))


@check
def duplicate_key():
    try:
        with transaction.atomic():
            Tag.objects.create(name="art")
    except IntegrityError as error:
        return [error.__cause__.pgcode, error.__cause__.diag.constraint_name, error.__cause__.diag.message_detail, error.__cause__.diag.table_name]


@check
def check_violated():
    try:
        with transaction.atomic():
            Book.objects.filter(title="Title 1").update(pages=-1)
    except IntegrityError as error:
        return [error.__cause__.pgcode, error.__cause__.diag.constraint_name]


@check
def partial_unique():
    try:
        with transaction.atomic():
            Book.objects.filter(title="Title 0").update(pages=0)
            Book.objects.create(author=Author.objects.order_by("-id")[0], title="Title 0", pages=0, price=1)
    except IntegrityError as error:
        return [error.__cause__.pgcode, error.__cause__.diag.constraint_name]


@check
def foreign_key_deferred():
    try:
        with transaction.atomic():
            Tagging.objects.filter(weight=3).update(tag_id=999)
            inside = Tagging.objects.filter(tag_id=999).count()
    except IntegrityError as error:
        return [inside, error.__cause__.pgcode, error.__cause__.diag.constraint_name]


@check
def savepoints():
    with transaction.atomic():
        Tag.objects.create(name="kept")
        with contextlib.suppress(IntegrityError), transaction.atomic():
            Tag.objects.create(name="lost")
            Tag.objects.create(name="art")
    return [tag.name for tag in Tag.objects.order_by("name")]


@check
def get_or_create():
    return [Tag.objects.get_or_create(name=name)[1] for name in ("art", "new", "new")] + [Tag.objects.update_or_create(name="new", defaults={"name": "newer"})[1]]


@check
def bulk():
    Tag.objects.bulk_create([Tag(name="art"), Tag(name="bulk")], ignore_conflicts=True)
    made = Tag.objects.bulk_create([Tag(name="b1"), Tag(name="b2")])
    for tag in made:
        tag.name += "x"
    Tag.objects.bulk_update(made, ["name"])
    return [all(tag.pk for tag in made), [tag.name for tag in Tag.objects.order_by("name")]]


@check
def update_expression():
    changed = Book.objects.filter(pages__gt=100).update(pages=F("pages") + 1, price=F("price") * 2)
    return [changed, list(Book.objects.order_by("id").values_list("pages", "price"))]


@check
def select_for_update():
    with transaction.atomic():
        return [book.title for book in Book.objects.select_for_update().filter(pages__lt=80).order_by("id")] + \
            [book.title for book in Book.objects.select_for_update(skip_locked=True, of=("self",)).order_by("id")[:1]]


@check
def iterator():
    with transaction.atomic():
        return [book.title for book in Book.objects.order_by("id").iterator(chunk_size=5)]


@check
def raw():
    return [book.title for book in Book.objects.raw("SELECT * FROM django_shop_book WHERE pages > %s ORDER BY id", [200])]


@check
def defer():
    return [book.rating for book in Book.objects.defer("title").only("rating").order_by("id")]


@check
def explain():
    return bool(Book.objects.all().explain())


@check
def delete_cascade():
    return [Author.objects.filter(name="Ada").delete(), Book.objects.count(), Tagging.objects.count()]


@check
def delete_set_null():
    Node.objects.filter(label="root").delete()
    return list(Node.objects.values_list("label", "parent"))


@check
def users():
    from django.contrib.auth.models import Permission, User
    user = User.objects.create_superuser("root", "root@x.org", "secret")
    user.user_permissions.add(*Permission.objects.order_by("id")[:3])
    return [user.check_password("secret"), User.objects.get(username="root").user_permissions.count(), Permission.objects.count()]


@check
def sessions():
    from django.contrib.sessions.backends.db import SessionStore
    store = SessionStore()
    store["a"] = {"b": 1}
    store.save()
    return SessionStore(session_key=store.session_key)["a"]


@check
def flush():
    call_command("flush", verbosity=0, interactive=False)
    tag = Tag.objects.create(name="first")
    return [Book.objects.count(), tag.pk]


@check
def addresses():
    with connection.schema_editor() as editor:
        editor.create_model(Address)
    Address.objects.bulk_create([Address(address=text) for text in ("10.0.0.1", "::1", None, "2001:db8::ff")])
    return [list(Address.objects.order_by("address").values_list("address", flat=True)), Address.objects.filter(address="::1").count(),
            Address.objects.filter(address__in=["10.0.0.1"]).count()]


@check
def constraints_seen():
    with connection.cursor() as cursor:
        return {table: {name: {key: value for key, value in what.items()} for name, what in
                        sorted(connection.introspection.get_constraints(cursor, table).items())}
                for table in ("django_shop_book", "django_shop_tagging", "django_shop_everything", "django_shop_author")}


@check
def columns_seen():
    with connection.cursor() as cursor:
        return {table: [list(column) for column in connection.introspection.get_table_description(cursor, table)] + [
            connection.introspection.get_relations(cursor, table), connection.introspection.get_sequences(cursor, table)]
            for table in ("django_shop_book", "django_shop_everything")}


@check
def reverse_migrations():
    call_command("migrate", "django_shop", "zero", verbosity=0)
    return sorted(name for name in connection.introspection.table_names() if name.startswith("django_shop"))


results = {}
for name, function in checks.items():
    try:
        results[name] = ["ok", text(function())]
    except Exception as error:  # what it is is the result
        cause = error.__cause__
        results[name] = [f"{type(error).__name__} {getattr(cause, 'pgcode', None)}", str(error)]
    if connection.in_atomic_block or connection.needs_rollback:
        connection.close()
json.dump(results, sys.stdout)
