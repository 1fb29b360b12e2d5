import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic as any user of Java would, with Apache Kafka's consumer and Apache Avro, and prints a line of JSON for
 * each record. Arguments: bootstrap servers, topic, URL of the registry.
 */
public class ReadTopic {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Map<Integer, Schema> SCHEMAS = new HashMap<>();

  public static void main(String[] args) throws Exception {
    var properties = new Properties();
    properties.put("bootstrap.servers", args[0]);
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(args[1]).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = writtenEnds(properties, partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          System.out.println(JSON.writeValueAsString(told(record, args[2])));
        }
      }
    }
  }

  /** The markers of a commit are written after its answer: the end that committed readers see may be behind. */
  private static Map<TopicPartition, Long> writtenEnds(
      Properties properties, List<TopicPartition> partitions) {
    var uncommitted = new Properties();
    uncommitted.putAll(properties);
    uncommitted.put("isolation.level", "read_uncommitted");
    try (var reader =
        new KafkaConsumer<>(uncommitted, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return reader.endOffsets(partitions);
    }
  }

  private static Map<String, Object> told(ConsumerRecord<byte[], byte[]> record, String registry)
      throws Exception {
    var headers = new LinkedHashMap<String, String>();
    record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
    var told = new LinkedHashMap<String, Object>();
    told.put("partition", record.partition());
    told.put("timestamp", record.timestamp());
    told.put("key", text(record.key()));
    told.put("headers", headers);
    var bytes = ByteBuffer.wrap(record.value());
    if (bytes.get() != 0) throw new IllegalStateException("no magic byte");
    int id = bytes.getInt();
    var schema = schemaOf(id, registry);
    told.put("schema", schema.getFullName());
    told.put("schemaId", id);
    told.put("value", fieldsOf(decoded(schema, bytes)));
    return told;
  }

  private static GenericRecord decoded(Schema schema, ByteBuffer bytes) throws Exception {
    var data = new GenericData();
    data.addLogicalTypeConversion(new Conversions.DecimalConversion());
    data.addLogicalTypeConversion(new TimeConversions.DateConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampNanosConversion());
    data.addLogicalTypeConversion(new TimeConversions.LocalTimestampMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimeMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimeMicrosConversion());
    data.addLogicalTypeConversion(new Conversions.UUIDConversion());
    data.addLogicalTypeConversion(new Conversions.BigDecimalConversion());
    var reader = new GenericDatumReader<GenericRecord>(schema, schema, data);
    var decoder =
        DecoderFactory.get().binaryDecoder(bytes.array(), bytes.position(), bytes.remaining(), null);
    var value = reader.read(null, decoder);
    if (!decoder.isEnd()) throw new IllegalStateException("bytes behind the value");
    return value;
  }

  /** Each value with its Java class, so that an exact decimal is told from a double that looks like it. */
  private static Map<String, String> fieldsOf(GenericRecord value) {
    var fields = new LinkedHashMap<String, String>();
    for (var field : value.getSchema().getFields()) {
      var one = value.get(field.name());
      var text = one instanceof BigDecimal decimal ? decimal.toPlainString() : String.valueOf(one);
      fields.put(field.name(), one == null ? "null" : one.getClass().getSimpleName() + " " + text);
    }
    return fields;
  }

  private static Schema schemaOf(int id, String registry) throws Exception {
    if (!SCHEMAS.containsKey(id)) {
      var request = HttpRequest.newBuilder(URI.create(registry + "/schemas/ids/" + id)).build();
      var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      JsonNode body = JSON.readTree(answer.body());
      SCHEMAS.put(id, new Schema.Parser().parse(body.get("schema").asText()));
    }
    return SCHEMAS.get(id);
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
