// Everything that java.sql.DatabaseMetaData answers, result set by result set: `== name`, then a line of columns and a line a row, or the SQLSTATE.
// Arguments: the URL, then the tables to ask for one by one.
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

public class Metadata {
  interface Body { String run() throws Exception; }

  static void check(String name, Body body) {
    String text;
    try {
      text = body.run();
    } catch (SQLException error) {
      text = "SQLSTATE " + error.getSQLState() + " " + error.getMessage().replace("\n", " ");
    } catch (InvocationTargetException error) {
      Throwable cause = error.getCause();
      text = cause instanceof SQLException sql ? "SQLSTATE " + sql.getSQLState() + " " + sql.getMessage().replace("\n", " ") : String.valueOf(cause);
    } catch (Exception error) {
      text = String.valueOf(error);
    }
    System.out.println("== " + name + "\n" + text);
  }

  static String text(Object value) {
    return value instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(value).replace("\n", "\\n").replace("\t", "\\t");
  }

  static String read(ResultSet rows) throws SQLException {
    ResultSetMetaData about = rows.getMetaData();
    int columns = about.getColumnCount();
    StringBuilder out = new StringBuilder();
    for (int column = 1; column <= columns; column++) out.append(about.getColumnName(column)).append(':').append(about.getColumnTypeName(column)).append('\t');
    List<String> lines = new ArrayList<>();
    while (rows.next()) {
      StringBuilder line = new StringBuilder();
      for (int column = 1; column <= columns; column++) line.append(text(rows.getObject(column))).append('\t');
      lines.add(line.toString());
    }
    rows.close();
    return out + "\n" + String.join("\n", lines);
  }

  static String described(Connection connection, String sql) throws SQLException {
    StringBuilder out = new StringBuilder();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      ParameterMetaData parameters = statement.getParameterMetaData();
      for (int at = 1; at <= parameters.getParameterCount(); at++) {
        out.append("parameter ").append(parameters.getParameterTypeName(at)).append(' ').append(parameters.getParameterType(at)).append(' ').append(parameters.getParameterClassName(at))
            .append(' ').append(parameters.isSigned(at)).append('\n');
      }
      ResultSetMetaData about = statement.getMetaData();
      for (int at = 1; about != null && at <= about.getColumnCount(); at++) {
        out.append(String.join(" ", about.getColumnLabel(at), about.getColumnName(at), about.getColumnTypeName(at), "" + about.getColumnType(at),
          about.getColumnClassName(at),
            "p" + about.getPrecision(at), "s" + about.getScale(at), "d" + about.getColumnDisplaySize(at), "n" + about.isNullable(at), "auto " + about.isAutoIncrement(at),
            "signed " + about.isSigned(at), "currency " + about.isCurrency(at), "case " + about.isCaseSensitive(at), "write " + about.isWritable(at),
            "of " + about.getSchemaName(at) + "." + about.getTableName(at))).append('\n');
      }
    }
    return out.toString();
  }

  public static void main(String[] arguments) throws Exception {
    List<String> tables = List.of(arguments).subList(1, arguments.length);
    try (Connection connection = DriverManager.getConnection(arguments[0])) {
      DatabaseMetaData about = connection.getMetaData();
      for (String schema : new String[] {null, "public", "pg_catalog", "information_schema", "nosuch", "pub%"}) {
        String in = " in " + schema;
        check("getTables" + in, () -> read(about.getTables(null, schema, "%",
          new String[] {"TABLE", "VIEW", "SEQUENCE", "INDEX", "MATERIALIZED VIEW", "TYPE", "FOREIGN TABLE", "PARTITIONED TABLE"})));
        check("getTables of every type" + in, () -> read(about.getTables(null, schema, "a%", null)));
        check("getColumns" + in, () -> read(about.getColumns(null, schema, schema == null || schema.startsWith("pub") ? "%" : "pg_cl%", "%")));
        check("getProcedures" + in, () -> read(about.getProcedures(null, schema, "%")));
        check("getFunctions" + in, () -> read(about.getFunctions(null, schema, "abs")));
        check("getUDTs" + in, () -> read(about.getUDTs(null, schema, "%", null)));
        check("getTablePrivileges" + in, () -> read(about.getTablePrivileges(null, schema, "a%")));
      }
      for (String type : new String[] {"TABLE", "VIEW", "SEQUENCE", "INDEX", "SYSTEM TABLE", "SYSTEM VIEW", "SYSTEM INDEX", "TYPE", "TEMPORARY TABLE",
        "MATERIALIZED VIEW", "PARTITIONED TABLE",
          "FOREIGN TABLE", "SYSTEM TOAST TABLE", "PARTITIONED INDEX"}) {
        check("getTables " + type, () -> read(about.getTables(null, null, "%", new String[] {type})));
      }
      for (String table : tables) {
        check("getTables: " + table, () -> read(about.getTables(null, "public", table, null)));
        check("getColumns: " + table, () -> read(about.getColumns(null, "public", table, null)));
        check("getPrimaryKeys: " + table, () -> read(about.getPrimaryKeys(null, "public", table)));
        check("getImportedKeys: " + table, () -> read(about.getImportedKeys(null, "public", table)));
        check("getExportedKeys: " + table, () -> read(about.getExportedKeys(null, "public", table)));
        check("getIndexInfo: " + table, () -> read(about.getIndexInfo(null, "public", table, false, true)));
        check("getIndexInfo unique: " + table, () -> read(about.getIndexInfo(null, "public", table, true, true)));
        check("getBestRowIdentifier: " + table, () -> read(about.getBestRowIdentifier(null, "public", table, DatabaseMetaData.bestRowSession, true)));
        check("getVersionColumns: " + table, () -> read(about.getVersionColumns(null, "public", table)));
        check("getTablePrivileges: " + table, () -> read(about.getTablePrivileges(null, "public", table)));
        check("getColumnPrivileges: " + table, () -> read(about.getColumnPrivileges(null, "public", table, "%")));
        check("ResultSetMetaData: " + table, () -> described(connection, "SELECT * FROM \"" + table + "\""));
      }
      check("getCrossReference", () -> read(about.getCrossReference(null, null, "authors", null, null, "books")));
      check("getCrossReference of two columns", () -> read(about.getCrossReference(null, "public", "child", null, "public", "grandchild")));
      check("getPrimaryKeys of all", () -> read(about.getPrimaryKeys(null, null, "nosuch")));
      check("getSchemas", () -> read(about.getSchemas()));
      check("getSchemas public", () -> read(about.getSchemas(null, "public")));
      check("getCatalogs has its own", () -> String.valueOf(read(about.getCatalogs()).contains("app")));
      check("getTableTypes", () -> read(about.getTableTypes()));
      check("getTypeInfo", () -> read(about.getTypeInfo()));
      check("getClientInfoProperties", () -> read(about.getClientInfoProperties()));
      check("getProcedureColumns", () -> read(about.getProcedureColumns(null, null, "do_nothing", null)));
      check("getFunctionColumns", () -> read(about.getFunctionColumns(null, null, "add2", null)));
      check("getFunctionColumns of a system function", () -> read(about.getFunctionColumns(null, "pg_catalog", "lower", null)));
      check("getFunctions lower", () -> read(about.getFunctions(null, "pg_catalog", "lower%")));
      check("getPseudoColumns", () -> read(about.getPseudoColumns(null, null, "authors", "%")));
      check("getSuperTables", () -> read(about.getSuperTables(null, null, "%")));
      check("getSuperTypes", () -> read(about.getSuperTypes(null, null, "%")));
      check("getAttributes", () -> read(about.getAttributes(null, null, "%", "%")));
      String[] statements = {"SELECT id, name AS label, rating * 2 AS twice, count(*) OVER () FROM authors",
        "SELECT b.title, a.name FROM books b JOIN authors a ON a.id = b.author_id WHERE a.id = ? AND b.price > ? AND b.published < ?",
          "SELECT * FROM v_books", "SELECT 1, 'x', NULL, 1.5, now(), true, ARRAY[1, 2], CAST('a' AS varchar(7)), CAST(1 AS numeric(7, 3))",
            "INSERT INTO authors (name, email, rating, active, born) VALUES (?, ?, ?, ?, ?)",
          "UPDATE books SET price = ?, pages = ? WHERE id = ?", "DELETE FROM tags WHERE name = ? RETURNING id, name",
            "SELECT sum(pages), avg(price), min(title), max(published), count(*) FROM books", "SELECT id + ? , name || ? FROM tags LIMIT ?",
          "SELECT tableoid::regclass, ctid FROM tags"};
      for (String sql : statements) check("described: " + sql, () -> described(connection, sql));
      Method[] methods = DatabaseMetaData.class.getMethods();
      Arrays.sort(methods, Comparator.comparing(Method::getName));
      for (Method method : methods) {
        Class<?> type = method.getReturnType();
        if (method.getParameterCount() == 0 && (type == String.class || type.isPrimitive()) && !method.getName().equals("getURL") && !method.getName().equals("getDatabaseProductVersion")) {
          check("about: " + method.getName(), () -> text(method.invoke(about)));
        }
      }
      check("about: supportsConvert", () -> about.supportsConvert() + " " + about.supportsTransactionIsolationLevel(Connection.TRANSACTION_SERIALIZABLE));
    }
  }
}
