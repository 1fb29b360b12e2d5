import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/**
 * Asks Kafka Connect's own transformations and predicates. Reads one JSON object per line from standard input and writes
 * one answer per line: {"describe": class} for the options of a class, or a case (class, config, record) for what
 * becomes of the record. A value is an object of one property whose name is its Java type; null is null.
 */
public class Harness {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String TRANSFORMS = "org.apache.kafka.connect.transforms.";

  public static void main(String[] arguments) throws Exception {
    var lines = new java.io.BufferedReader(new java.io.InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode request = JSON.readTree(line);
      JsonNode answer = request.has("describe") ? optionsOf(request.get("describe").asText()) : answerTo(request);
      out.println(JSON.writeValueAsString(answer));
    }
  }

  static Object instanceOf(String name) throws Exception {
    try {
      return Class.forName(TRANSFORMS + name).getDeclaredConstructor().newInstance();
    } catch (ClassNotFoundException error) {
      return Class.forName(TRANSFORMS + "predicates." + name).getDeclaredConstructor().newInstance();
    }
  }

  static JsonNode optionsOf(String name) throws Exception {
    Object plugin = instanceOf(name);
    ConfigDef definition = (ConfigDef) plugin.getClass().getMethod("config").invoke(plugin);
    ArrayNode options = JSON.createArrayNode();
    for (ConfigDef.ConfigKey key : new TreeMap<>(definition.configKeys()).values()) {
      ObjectNode option = options.addObject().put("name", key.name).put("type", key.type.toString());
      option.put("required", !key.hasDefault());
      if (key.hasDefault()) option.set("default", JSON.valueToTree(key.defaultValue));
    }
    return options;
  }

  @SuppressWarnings("unchecked")
  static JsonNode answerTo(JsonNode request) throws Exception {
    Object plugin = instanceOf(request.get("class").asText());
    String at = "configure";
    try {
      ((Configurable) plugin).configure(JSON.convertValue(request.get("config"), Map.class));
      at = "apply";
      SourceRecord record = recordOf(request.get("record"));
      if (plugin instanceof Predicate) {
        return JSON.createObjectNode().put("met", ((Predicate<SourceRecord>) plugin).test(record));
      }
      SourceRecord after = ((Transformation<SourceRecord>) plugin).apply(record);
      at = "convert";
      // Converters do this before they write a Struct.
      if (after != null && after.value() instanceof Struct) ((Struct) after.value()).validate();
      return after == null ? JSON.createObjectNode().put("dropped", true) : changes(written(record), written(after));
    } catch (RuntimeException error) {
      String message = String.valueOf(error.getMessage()).replaceAll("@[0-9a-f]{5,}", "@…");
      return JSON.createObjectNode().put("rejected", at).put("error", error.getClass().getSimpleName()).put("message", message);
    }
  }

  static SourceRecord recordOf(JsonNode node) {
    Schema schema = schemaOf(node.path("valueSchema"));
    Headers headers = new ConnectHeaders();
    for (JsonNode header : node.path("headers")) {
      headers.addString(header.get(0).asText(), header.get(1).isNull() ? null : header.get(1).asText());
    }
    Integer partition = node.has("partition") ? node.get("partition").asInt() : null;
    Long timestamp = node.has("timestamp") ? node.get("timestamp").asLong() : null;
    String topic = node.has("topic") ? node.get("topic").asText() : null;
    Object key = valueOf(node.path("key"), null);
    Object value = valueOf(node.path("value"), schema);
    return new SourceRecord(null, null, topic, partition, null, key, schema, value, timestamp, headers);
  }

  static Schema schemaOf(JsonNode node) {
    if (!node.isObject()) return null;
    SchemaBuilder struct = SchemaBuilder.struct().name(node.get("name").asText());
    if (node.has("doc")) struct.doc(node.get("doc").asText());
    for (JsonNode field : node.get("fields")) {
      SchemaBuilder builder = builderOf(field);
      if (field.has("doc")) builder.doc(field.get("doc").asText());
      if (field.get("optional").asBoolean()) builder.optional();
      if (field.has("default")) builder.defaultValue(valueOf(field.get("default"), null));
      struct.field(field.get("name").asText(), builder.build());
    }
    return struct.build();
  }

  static SchemaBuilder builderOf(JsonNode field) {
    String type = field.get("type").asText();
    return switch (type) {
      case "decimal" -> Decimal.builder(field.get("scale").asInt());
      case "timestamp" -> Timestamp.builder();
      case "date" -> Date.builder();
      default -> SchemaBuilder.type(Schema.Type.valueOf(type.toUpperCase()));
    };
  }

  static Object valueOf(JsonNode node, Schema schema) {
    if (!node.isObject()) return null;
    String type = node.fieldNames().next();
    JsonNode value = node.get(type);
    return switch (type) {
      case "int32" -> value.asInt();
      case "int64" -> Long.parseLong(value.asText());
      case "float32" -> Float.parseFloat(value.asText());
      case "float64" -> Double.parseDouble(value.asText());
      case "boolean" -> value.asBoolean();
      case "decimal" -> new BigDecimal(value.asText());
      case "time" -> new java.util.Date(value.asLong());
      case "bytes" -> Base64.getDecoder().decode(value.asText());
      case "list" -> listOf(value);
      case "map" -> mapOf(value);
      case "struct" -> structOf(value, schema);
      default -> value.asText();
    };
  }

  static List<Object> listOf(JsonNode items) {
    List<Object> list = new ArrayList<>();
    for (JsonNode item : items) list.add(valueOf(item, null));
    return list;
  }

  static Map<String, Object> mapOf(JsonNode fields) {
    Map<String, Object> map = new LinkedHashMap<>();
    fields.fields().forEachRemaining(field -> map.put(field.getKey(), valueOf(field.getValue(), null)));
    return map;
  }

  static Struct structOf(JsonNode fields, Schema schema) {
    Struct struct = new Struct(schema);
    fields.fields().forEachRemaining(field -> struct.put(field.getKey(), valueOf(field.getValue(), null)));
    return struct;
  }

  /** The parts of a record that are not as before; what a value is depends on its schema. */
  static ObjectNode changes(ObjectNode before, ObjectNode after) {
    if (!before.get("valueSchema").equals(after.get("valueSchema"))) before.remove("value");
    before.fields().forEachRemaining(part -> {
      if (part.getValue().equals(after.get(part.getKey()))) after.remove(part.getKey());
    });
    return after;
  }

  static ObjectNode written(SourceRecord record) {
    ObjectNode node = JSON.createObjectNode().put("topic", record.topic()).put("partition", record.kafkaPartition());
    node.put("timestamp", record.timestamp());
    node.set("keySchema", written(record.keySchema()));
    node.set("key", written(record.key()));
    node.set("valueSchema", written(record.valueSchema()));
    node.set("value", written(record.value()));
    ArrayNode headers = node.putArray("headers");
    for (Header header : record.headers()) {
      byte[] bytes = new SimpleHeaderConverter().fromConnectHeader(record.topic(), header.key(), header.schema(), header.value());
      headers.addArray().add(header.key()).add(bytes == null ? null : new String(bytes, StandardCharsets.UTF_8));
    }
    return node;
  }

  static JsonNode written(Schema schema) {
    if (schema == null) return JSON.nullNode();
    ObjectNode node = JSON.createObjectNode().put("type", typeOf(schema)).put("optional", schema.isOptional());
    if (schema.type() == Schema.Type.STRUCT) node.put("name", schema.name());
    if (schema.version() != null && schema.type() == Schema.Type.STRUCT) node.put("version", schema.version());
    if (schema.doc() != null) node.put("doc", schema.doc());
    if (schema.defaultValue() != null) node.set("default", written(schema.defaultValue()));
    if (typeOf(schema).equals("decimal")) node.put("scale", schema.parameters().get(Decimal.SCALE_FIELD));
    if (schema.type() != Schema.Type.STRUCT) return node;
    ArrayNode fields = node.putArray("fields");
    for (Field field : schema.fields()) {
      fields.add(JSON.createObjectNode().put("field", field.name()).setAll((ObjectNode) written(field.schema())));
    }
    return node;
  }

  static String typeOf(Schema schema) {
    if (Decimal.LOGICAL_NAME.equals(schema.name())) return "decimal";
    if (Timestamp.LOGICAL_NAME.equals(schema.name())) return "timestamp";
    if (Date.LOGICAL_NAME.equals(schema.name())) return "date";
    return Time.LOGICAL_NAME.equals(schema.name()) ? "time" : schema.type().getName();
  }

  static JsonNode written(Object value) {
    if (value == null) return JSON.nullNode();
    ObjectNode node = JSON.createObjectNode();
    if (value instanceof Struct struct) {
      ObjectNode fields = node.putObject("struct");
      for (Field field : struct.schema().fields()) fields.set(field.name(), written(struct.getWithoutDefault(field.name())));
    } else if (value instanceof Map<?, ?> map) {
      ObjectNode fields = node.putObject("map");
      map.forEach((name, inner) -> fields.set((String) name, written(inner)));
    } else if (value instanceof List<?> list) {
      ArrayNode items = node.putArray("list");
      for (Object item : list) items.add(written(item));
    } else if (value instanceof Boolean flag) {
      node.put("boolean", flag);
    } else if (value instanceof java.util.Date time) {
      node.put("time", time.getTime());
    } else if (value instanceof byte[] || value instanceof ByteBuffer) {
      node.put("bytes", Base64.getEncoder().encodeToString(value instanceof ByteBuffer b ? b.array() : (byte[]) value));
    } else {
      node.put(scalarTypeOf(value), value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString());
    }
    return node;
  }

  static String scalarTypeOf(Object value) {
    Map<Class<?>, String> types = new HashMap<>(Map.of(Byte.class, "int8", Short.class, "int16", Integer.class, "int32"));
    types.putAll(Map.of(Long.class, "int64", Float.class, "float32", Double.class, "float64", String.class, "string"));
    types.putAll(Map.of(BigDecimal.class, "decimal", BigInteger.class, "integer"));
    return types.get(value.getClass());
  }
}
