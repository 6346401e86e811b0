"""A shop with every field type of Django 3.2 and every kind of relation and constraint."""
import uuid

from django.db import models
from django.db.models import F, Q


class Tag(models.Model):
    name = models.SlugField(unique=True)

    class Meta:
        ordering = ["name"]


class Author(models.Model):
    name = models.CharField(max_length=100, db_index=True)
    email = models.EmailField(null=True, blank=True)
    born = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["name", "-born"], name="author_name_born")]


class Book(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    tags = models.ManyToManyField(Tag, through="Tagging")
    title = models.TextField()
    pages = models.IntegerField(default=0)
    rating = models.FloatField(null=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    published = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "title"], name="book_author_title"),
            models.UniqueConstraint(fields=["title"], condition=Q(pages=0), name="book_draft_title"),
            models.CheckConstraint(check=Q(pages__gte=0), name="book_pages_positive"),
        ]


class Tagging(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT)
    weight = models.PositiveSmallIntegerField(default=1)

    class Meta:
        unique_together = [("book", "tag")]


class Cover(models.Model):
    book = models.OneToOneField(Book, on_delete=models.CASCADE, primary_key=True)
    image = models.BinaryField()


class Node(models.Model):
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL)
    label = models.CharField(max_length=20)


class Everything(models.Model):
    id = models.BigAutoField(primary_key=True)
    big = models.BigIntegerField(null=True)
    positive_big = models.PositiveBigIntegerField(null=True)
    small = models.SmallIntegerField(null=True)
    positive = models.PositiveIntegerField(null=True)
    flag = models.BooleanField(null=True)
    char = models.CharField(max_length=10, null=True)
    day = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    clock = models.TimeField(null=True)
    amount = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    span = models.DurationField(null=True)
    ratio = models.FloatField(null=True)
    key = models.UUIDField(default=uuid.uuid4)
    url = models.URLField(null=True)
    path = models.FilePathField(null=True)
    document = models.JSONField(null=True)
    slug = models.SlugField(null=True)
    data = models.BinaryField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(check=Q(small__lt=F("positive")) | Q(positive=None), name="everything_order")]


class Address(models.Model):
    """In no migration: a server without the type inet refuses this table alone."""
    address = models.GenericIPAddressField(null=True)

    class Meta:
        managed = False
