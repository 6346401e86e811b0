// What an application does through JDBC; every outcome is one line of the standard output, the same for equal servers.
// Arguments: the URL, then the path of a file with one `column<TAB>type<TAB>text` a line (\n, \t and \\ escaped).
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.TimeZone;
import java.util.UUID;

public class Probe {
  interface Getter { Object get() throws SQLException; }
  interface Body { void run() throws SQLException; }

  static void say(String line) { System.out.println(line.replace("\n", "\\n")); }

  static void outcome(String name, Getter getter) {
    String text;
    try {
      Object value = getter.get();
      text = value instanceof byte[] bytes ? "bytes " + Arrays.hashCode(bytes) + " of " + bytes.length : String.valueOf(value);
      if (text.length() > 200) text = text.length() + " characters, hash " + text.hashCode();
      if (value != null) text = value.getClass().getSimpleName() + " " + text;
    } catch (SQLException error) {
      text = "SQLSTATE " + error.getSQLState();
    } catch (RuntimeException error) {
      text = error.getClass().getSimpleName();
    }
    say(name + ": " + text);
  }

  static void step(String name, Body body) {
    outcome(name, () -> { body.run(); return "done"; });
  }

  static void samples(Connection connection, Path file) throws Exception {
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      String[] parts = line.split("\t", -1);
      String column = parts[0], type = parts[1], text = parts[2].replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\");
      String name = column + " " + (text.length() > 40 ? text.substring(0, 40) : text);
      step(name + " written", () -> {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO jdbc_samples (" + column + ") VALUES (CAST(? AS " + type + "))")) {
          insert.setString(1, text);
          insert.executeUpdate();
        }
      });
      try (PreparedStatement select = connection.prepareStatement("SELECT " + column + " FROM jdbc_samples WHERE " + column + " IS NOT NULL");
           ResultSet rows = select.executeQuery()) {
        if (!rows.next()) continue;
        if (type.equals("interval") || type.equals("jsonb")) {  // for other getters the driver reads pg_type
          outcome(name + " getString", () -> rows.getString(1));
          outcome(name + " getBytes", () -> rows.getBytes(1));
        } else {
          getters(name, rows);
        }
      }
      try (Statement clear = connection.createStatement()) { clear.executeUpdate("DELETE FROM jdbc_samples"); }
    }
  }

  static void getters(String name, ResultSet rows) throws SQLException {
    outcome(name + " getObject", () -> rows.getObject(1));
    outcome(name + " getString", () -> rows.getString(1));
    outcome(name + " getBoolean", () -> rows.getBoolean(1));
    outcome(name + " getShort", () -> rows.getShort(1));
    outcome(name + " getInt", () -> rows.getInt(1));
    outcome(name + " getLong", () -> rows.getLong(1));
    outcome(name + " getFloat", () -> rows.getFloat(1));
    outcome(name + " getDouble", () -> rows.getDouble(1));
    outcome(name + " getBigDecimal", () -> rows.getBigDecimal(1));
    outcome(name + " getBytes", () -> rows.getBytes(1));
    outcome(name + " getDate", () -> rows.getDate(1));
    outcome(name + " getTime", () -> rows.getTime(1));
    outcome(name + " getTimestamp", () -> rows.getTimestamp(1));
    outcome(name + " LocalDate", () -> rows.getObject(1, LocalDate.class));
    outcome(name + " LocalTime", () -> rows.getObject(1, LocalTime.class));
    outcome(name + " LocalDateTime", () -> rows.getObject(1, LocalDateTime.class));
    outcome(name + " OffsetDateTime", () -> rows.getObject(1, OffsetDateTime.class));
    outcome(name + " UUID", () -> rows.getObject(1, UUID.class));
    ResultSetMetaData about = rows.getMetaData();
    say(name + " is " + about.getColumnLabel(1) + " " + about.getColumnType(1) + " " + about.getPrecision(1) + "," + about.getScale(1) + " "
        + about.getColumnDisplaySize(1) + " " + about.getColumnClassName(1) + " " + about.isSigned(1));
  }

  static void parameters(Connection connection) throws SQLException {
    String sql = "INSERT INTO jdbc_parameters (b, i2, i4, i8, f4, f8, n, t, y, d, ti, ts, tz, u) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    for (int turn = 0; turn < 8; turn++) {  // the driver prepares by name, and sends binary, from the fifth on
      int number = turn;
      step("typed parameters " + turn, () -> {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
          insert.setBoolean(1, number % 2 == 0);
          insert.setShort(2, Short.MIN_VALUE);
          insert.setInt(3, Integer.MAX_VALUE);
          insert.setLong(4, Long.MIN_VALUE + number);
          insert.setFloat(5, Float.MIN_VALUE);
          insert.setDouble(6, Double.MAX_VALUE);
          insert.setBigDecimal(7, new BigDecimal("-12345678901234567890.0012300"));
          insert.setString(8, "Grüße 🌍 " + number);
          insert.setBytes(9, new byte[] {0, 1, -1, 127, -128});
          insert.setObject(10, LocalDate.of(1, 1, 1));
          insert.setObject(11, LocalTime.of(23, 59, 59, 999_999_000));
          insert.setObject(12, LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000));
          insert.setObject(13, OffsetDateTime.parse("2024-02-29T12:00:00.5+05:30"));
          insert.setObject(14, UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"));
          insert.executeUpdate();
        }
      });
    }
    step("old classes", () -> {
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO jdbc_parameters (d, ti, ts, tz) VALUES (?, ?, ?, ?)")) {
        insert.setDate(1, new Date(0));
        insert.setTime(2, new Time(12_345_678));
        insert.setTimestamp(3, new Timestamp(1_709_208_000_123L));
        insert.setTimestamp(4, new Timestamp(-1));
        insert.executeUpdate();
      }
    });
    step("all NULL", () -> {
      try (PreparedStatement insert = connection.prepareStatement(sql)) {
        int[] types = {Types.BOOLEAN, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.REAL, Types.DOUBLE, Types.NUMERIC, Types.VARCHAR, Types.BINARY, Types.DATE, Types.TIME,
                       Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE, Types.OTHER};
        for (int i = 0; i < types.length; i++) insert.setNull(i + 1, types[i]);
        insert.executeUpdate();
      }
    });
    try (Statement select = connection.createStatement(); ResultSet rows = select.executeQuery("SELECT * FROM jdbc_parameters ORDER BY id")) {
      while (rows.next())
        for (int i = 1; i <= 15; i++) {
          int column = i;
          outcome("row " + rows.getRow() + " column " + i, () -> rows.getObject(column) instanceof byte[] bytes ? Arrays.toString(bytes) : rows.getString(column));
        }
    }
  }

  static void cursor(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement select = connection.prepareStatement("SELECT n, t FROM jdbc_rows ORDER BY n")) {
      for (int size : new int[] {1, 7, 100, 1000, 0}) {
        select.setFetchSize(size);
        try (ResultSet rows = select.executeQuery()) {
          long sum = 0, count = 0;
          while (rows.next()) { sum += rows.getInt(1); count++; }
          say("fetch size " + size + ": " + count + " rows, sum " + sum);
        }
      }
      select.setFetchSize(10);
      ResultSet first = select.executeQuery();
      first.next();
      try (Statement other = connection.createStatement()) {
        say("a write between: " + other.executeUpdate("INSERT INTO jdbc_rows VALUES (100000, 'late')"));
      }
      int rest = 0;
      while (first.next()) rest++;
      say("rows after the write: " + rest);
      first.close();
      select.setFetchSize(10);
      ResultSet open = select.executeQuery();
      open.next();
      connection.commit();
      outcome("a cursor after the commit", () -> { int n = 0; while (open.next()) n++; return n; });
    }
    connection.rollback();
    try (PreparedStatement select = connection.prepareStatement("SELECT n FROM jdbc_rows ORDER BY n")) {
      select.setMaxRows(5);
      try (ResultSet rows = select.executeQuery()) { int n = 0; while (rows.next()) n++; say("max rows: " + n); }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  static void batches(Connection connection) throws SQLException {
    section("batch", () -> batch(connection));
    section("returning", () -> returning(connection));
    section("generated keys", () -> generated(connection));
    section("several results", () -> several(connection));
  }

  static void section(String name, Body body) {
    try {
      body.run();
    } catch (SQLException error) {
      say(name + " ended: " + error.getSQLState());
    }
  }

  static void batch(Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO jdbc_rows VALUES (?, ?)")) {
      for (int n = 0; n < 500; n++) { insert.setInt(1, n); insert.setString(2, "row " + n); insert.addBatch(); }
      say("batch: " + Arrays.stream(insert.executeBatch()).sum());
    }
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO jdbc_rows VALUES (?, ?)")) {
      for (int n : new int[] {1000, 1001, 3, 1002}) { insert.setInt(1, n); insert.setString(2, "x"); insert.addBatch(); }
      try { insert.executeBatch(); }
      catch (BatchUpdateException error) { say("a batch that fails: " + error.getSQLState() + " " + Arrays.toString(error.getUpdateCounts())); }
    }
    try (Statement many = connection.createStatement()) {
      many.addBatch("UPDATE jdbc_rows SET t = 'a' WHERE n < 3");
      many.addBatch("DELETE FROM jdbc_rows WHERE n = 499");
      many.addBatch("INSERT INTO jdbc_rows VALUES (5000, NULL)");
      say("a batch of statements: " + Arrays.toString(many.executeBatch()));
    }
    try (Statement query = connection.createStatement(); ResultSet rows = query.executeQuery("SELECT count(*), sum(n) FROM jdbc_rows")) {
      rows.next();
      say("rows: " + rows.getLong(1) + ", sum " + rows.getLong(2));
    }
  }

  static void returning(Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO jdbc_parameters (t) VALUES (?) RETURNING id")) {
      insert.setString(1, "returned");
      try (ResultSet rows = insert.executeQuery()) { rows.next(); say("RETURNING: " + rows.getInt(1)); }
    }
  }

  static void generated(Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO jdbc_parameters (t) VALUES (?)", new String[] {"id", "t"})) {
      insert.setString(1, "generated");
      insert.executeUpdate();
      try (ResultSet rows = insert.getGeneratedKeys()) { rows.next(); say("generated keys: " + rows.getInt(1) + " " + rows.getString("t")); }
    }
  }

  static void several(Connection connection) throws SQLException {
    try (Statement several = connection.createStatement()) {
      boolean is = several.execute("SELECT 1; UPDATE jdbc_rows SET t = 'b' WHERE n = 1; SELECT 'x'");
      StringBuilder seen = new StringBuilder();
      while (is || several.getUpdateCount() != -1) {
        if (is) { ResultSet rows = several.getResultSet(); seen.append(rows.next() ? rows.getString(1) : "no row").append(' '); }
        else seen.append("count ").append(several.getUpdateCount()).append(' ');
        is = several.getMoreResults();
      }
      say("several results: " + seen);
    }
  }

  static void transactions(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO jdbc_rows VALUES (6000, 'one')");
      Savepoint savepoint = connection.setSavepoint("here");
      outcome("a unique violation", () -> statement.executeUpdate("INSERT INTO jdbc_rows VALUES (6000, 'two')"));
      outcome("in the failed block", () -> statement.executeUpdate("INSERT INTO jdbc_rows VALUES (6001, 'two')"));
      connection.rollback(savepoint);
      outcome("after the savepoint", () -> statement.executeUpdate("INSERT INTO jdbc_rows VALUES (6001, 'two')"));
      connection.releaseSavepoint(savepoint);
      connection.commit();
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      say("isolation: " + connection.getTransactionIsolation());
      connection.setReadOnly(true);
      outcome("a write in read only", () -> statement.executeUpdate("DELETE FROM jdbc_rows"));
      connection.rollback();
      connection.setReadOnly(false);
    }
    connection.setAutoCommit(true);
    outcome("valid", () -> connection.isValid(10));
    outcome("a division by zero", () -> connection.createStatement().executeQuery("SELECT 1 / 0"));
    outcome("a wrong type", () -> { PreparedStatement p = connection.prepareStatement("SELECT n FROM jdbc_rows WHERE n = ?"); p.setString(1, "1"); return p.executeQuery(); });
    outcome("a missing parameter", () -> connection.prepareStatement("SELECT ?::int").executeQuery());
    outcome("a syntax error", () -> connection.prepareStatement("SELEC 1").executeQuery());
    outcome("a query time-out set", () -> { Statement s = connection.createStatement(); s.setQueryTimeout(30); return s.executeQuery("SELECT 1").next(); });
    try (PreparedStatement select = connection.prepareStatement("SELECT n, t FROM jdbc_rows WHERE n = ?")) {
      say("parameters: " + select.getParameterMetaData().getParameterCount() + " " + select.getParameterMetaData().getParameterType(1));
      say("columns before it ran: " + select.getMetaData().getColumnCount() + " " + select.getMetaData().getColumnLabel(2));
    }
  }

  public static void main(String[] arguments) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    try (Connection connection = DriverManager.getConnection(arguments[0])) {
      samples(connection, Path.of(arguments[1]));
      section("parameters", () -> parameters(connection));
      batches(connection);
      section("cursor", () -> cursor(connection));
      connection.setAutoCommit(true);
      section("transactions", () -> transactions(connection));
    }
  }
}
