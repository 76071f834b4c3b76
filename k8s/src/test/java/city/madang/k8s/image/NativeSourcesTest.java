package city.madang.k8s.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.k8s.image.NativeSources.Source;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a native executable would break on only when it is built or used: looked for in what Quarkus hands to {@code native-image}, so that no GraalVM is
 * needed. {@code ./madang native --sources-only} makes that and runs this.
 */
@Tag("native")
class NativeSourcesTest {

    private static final String OURS = "city.madang.";

    /** Extensions of Quarkus bring these libraries with their native support, and test them so. */
    private static final List<String> QUARKUS_CARES = List.of(
            "io.quarkus",
            "io.smallrye",
            "io.netty",
            "io.vertx",
            "io.micrometer",
            "io.prometheus",
            "io.opentelemetry",
            "org.hibernate",
            "org.jboss",
            "org.wildfly",
            "org.apache.kafka",
            "com.arjuna",
            "net.bytebuddy",
            "com.aayushatharva.brotli4j",
            "org.HdrHistogram");

    /** Nothing that an executable runs leads here: other transports of web3j, a curve tool, what RxJava's Kotlin could use, and sealing. */
    private static final List<String> UNREACHED = List.of(
            "com.kenai.jffi",
            "org.identityconnectors",
            "org.bouncycastle.math.ec.tools",
            "kotlin.uuid",
            "org.apache.pdfbox",
            "city.madang.records.paper");

    private static final Set<String> NOT_IN_AN_IMAGE = Set.of(
            "java/security/SecureRandom",
            "java/util/Random",
            "java/util/SplittableRandom",
            "java/lang/Thread",
            "java/util/Timer",
            "java/util/concurrent/ForkJoinPool",
            "java/util/concurrent/ThreadPoolExecutor",
            "java/util/concurrent/ScheduledThreadPoolExecutor",
            "java/io/FileInputStream",
            "java/net/Socket");

    /** Calls whose result is another in each process, or not to be kept in an image. */
    private static final Pattern NOT_AT_BUILD = Pattern.compile(
            "java/security/SecureRandom\\.getInstance\\w*"
                    + "|java/util/concurrent/Executors\\.new\\w+|java/lang/ref/Cleaner\\.create|java/lang/System\\.load\\w*"
                    + "|java/net/http/HttpClient\\.new\\w+|java/util/UUID\\.randomUUID|java/lang/management/ManagementFactory\\.\\w+"
                    + "|java/security/AlgorithmParameters\\.getInstance|java/security/KeyPairGenerator\\.\\w+|javax/crypto/KeyGenerator\\.\\w+");

    /** Beside these, in our own classes: what is another value in each process. */
    private static final Pattern NOT_OURS_AT_BUILD = Pattern.compile(
            "java/time/(Instant|LocalDate)\\.now|java/lang/System\\.(nanoTime|currentTimeMillis|getenv)"
                    + "|java/time/ZoneId\\.systemDefault|java/lang/Runtime\\.availableProcessors|javax/xml/stream/XMLInputFactory\\.\\w+");

    private static final Set<String> BY_TYPE = Set.of(
            "readValue", "readerFor", "writerFor", "convertValue", "treeToValue", "forType", "readValueAs", "mapTo");
    private static final Pattern JACKSON = Pattern.compile("(com/fasterxml|tools)/jackson/.*|io/vertx/core/json/.*");

    private static final Pattern HEAVY =
            Pattern.compile("(eu/europa/esig|org/apache/pdfbox|org/apache/fontbox|com/openhtmltopdf|java/awt)/.*");

    private static final String WEB3J = "org.web3j.protocol.";
    private static final Pattern TYPES_IN = Pattern.compile("L([\\w/$]+)[;<]");

    /** Read when an executable is built, or by the sealing worker alone. */
    private static final Pattern NEEDED_BY_NO_EXECUTABLE =
            Pattern.compile("application\\.properties|db/.*|templates/record\\.html|fonts/.*|.*\\.(proto|md)");

    private static final Map<String, NativeSources> READ = new HashMap<>();

    private static NativeSources sources(String service) {
        return READ.computeIfAbsent(service, name -> {
            Path root = Path.of(System.getProperty("madang.root", "..")).toAbsolutePath();
            return NativeSources.in(root.resolve(name).resolve("target/native-sources"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity-service", "payment-service", "records-service", "gateway"})
    void no_class_that_is_initialised_at_build_holds_randomness_threads_or_the_time(String service) {
        NativeSources sources = sources(service);
        Map<String, Set<String>> wrong = new TreeMap<>();
        for (Source source : sources.classes().values()) {
            String name = source.name();
            if (startsWithAny(QUARKUS_CARES, name)
                    || startsWithAny(UNREACHED, name)
                    || sources.isInitialisedAtRunTime(name)) {
                continue;
            }
            Set<String> found = initialising(source.model(), name.startsWith(OURS));
            if (!found.isEmpty()) {
                wrong.put(name, found);
            }
        }
        assertEquals(Map.of(), wrong, "take it out of the static initialiser, or register --initialize-at-run-time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity-service", "payment-service", "records-service", "gateway"})
    void every_file_of_ours_is_in_the_executable(String service) {
        NativeSources sources = sources(service);
        assertEquals(
                Set.of(),
                those(
                        sources.ownFiles(),
                        file -> !NEEDED_BY_NO_EXECUTABLE.matcher(file).matches() && !sources.holds(file)),
                "register it: quarkus.native.resources.includes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity-service", "payment-service", "records-service"})
    void every_migration_is_in_the_executable(String service) {
        NativeSources sources = sources(service);
        Set<String> migrations = those(sources.ownFiles(), file -> file.startsWith("db/"));
        assertFalse(migrations.isEmpty());
        assertEquals(Set.of(), those(migrations, file -> !sources.holds(file)));
    }

    /** Quarkus registers what operations take and give; here is what code reads and writes by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"identity-service", "payment-service", "records-service", "gateway"})
    void every_type_that_is_read_or_written_as_json_by_hand_is_registered(String service) {
        NativeSources sources = sources(service);
        Set<String> types = new TreeSet<>();
        ours(sources)
                .forEach(source -> source.model().methods().forEach(method -> types.addAll(readOrWritten(method))));
        types.removeIf(type -> !type.startsWith(OURS));
        if (service.equals("payment-service")) {
            assertTrue(
                    types.contains("city.madang.payment.authorisations.BulkAnswer"), "the search finds what is known");
        }
        assertEquals(Set.of(), those(types, type -> !sources.isReflective(type)), "mark it @RegisterForReflection");
    }

    /** A document's members say of themselves that they are some: no such type is left out. */
    @ParameterizedTest
    @ValueSource(strings = {"identity-service", "payment-service", "records-service"})
    void every_type_with_annotations_for_json_is_registered(String service) {
        NativeSources sources = sources(service);
        Set<String> types = new TreeSet<>();
        ours(sources)
                .filter(source -> source.model().superclass().stream()
                        .anyMatch(parent -> parent.asInternalName().equals("java/lang/Record")))
                .filter(source -> mentions(source.model(), "Lcom/fasterxml/jackson/annotation/Json"))
                .forEach(source -> types.add(source.name()));
        assertEquals(Set.of(), those(types, type -> !sources.isReflective(type)), "mark it @RegisterForReflection");
    }

    /** web3j reads and writes its own types with its own Jackson. */
    @ParameterizedTest
    @ValueSource(strings = {"payment-service", "records-service"})
    void every_web3j_type_that_is_sent_or_answered_is_registered(String service) {
        NativeSources sources = sources(service);
        Set<String> types = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>();
        sources.classes().values().stream()
                .filter(source -> source.name().startsWith("city.madang.contracts."))
                .forEach(source -> next.addAll(web3jTypesIn(source.model())));
        while (!next.isEmpty()) {
            String type = next.pop();
            Source source = sources.classes().get(type);
            if (isSent(type) && source != null && types.add(type)) {
                next.addAll(web3jTypesIn(source.model()));
            }
        }
        assertTrue(types.contains("org.web3j.protocol.core.methods.response.TransactionReceipt"), types::toString);
        assertEquals(Set.of(), those(types, type -> !sources.isReflective(type)));
    }

    /** What a channel of Kafka is set up with stands in the configuration by name. */
    @ParameterizedTest
    @ValueSource(strings = {"identity-service", "payment-service", "records-service"})
    void what_reads_and_writes_events_is_registered(String service) {
        for (String type :
                List.of("StringSerializer", "StringDeserializer", "ByteArraySerializer", "ByteArrayDeserializer")) {
            assertTrue(sources(service).isReflective("org.apache.kafka.common.serialization." + type), type);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity-service", "payment-service", "records-service", "gateway"})
    void every_provider_and_service_that_is_found_by_name_is_registered(String service) {
        NativeSources sources = sources(service);
        if (service.equals("gateway")) {
            assertTrue(sources.isReflective("io.smallrye.openapi.spi.OASFactoryResolverImpl"));
            assertTrue(sources.holds("META-INF/services/org.eclipse.microprofile.openapi.spi.OASFactoryResolver"));
        } else {
            assertTrue(sources.isReflective("io.quarkiverse.resteasy.problem.HttpProblem"));
        }
        if (sources.classes().containsKey("org.web3j.crypto.Keys")) {
            assertTrue(sources.isReflective("org.bouncycastle.jce.provider.BouncyCastleProvider"));
        }
    }

    /** What prints, seals or opens PDFs loads fonts, parsers and AWT by name, so an executable holds no bean that does. */
    @Test
    void nothing_in_a_native_records_service_prints_or_seals() {
        NativeSources sources = sources("records-service");
        Set<String> heavy = new TreeSet<>();
        ours(sources).filter(source -> names(source.model(), HEAVY)).forEach(source -> heavy.add(source.name()));
        assertTrue(heavy.contains("city.madang.records.paper.Paper"), heavy::toString);
        assertTrue(heavy.contains("city.madang.verifier.DssSeal"), heavy::toString);
        boolean grew = true;
        while (grew) {
            Set<String> users = new TreeSet<>();
            ours(sources).filter(source -> uses(source.model(), heavy)).forEach(source -> users.add(source.name()));
            grew = heavy.addAll(users);
        }
        assertTrue(heavy.contains("city.madang.records.verification.VerifyFile"), heavy::toString);
        assertEquals(Set.of(), those(heavy, type -> sources.classes().containsKey(type + "_Bean")), "mark it @OnJvm");
    }

    /** Whether it makes one of them or calls its static methods; what it is given by injection does not count. */
    private static boolean uses(ClassModel model, Set<String> types) {
        return model.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .anyMatch(element -> element instanceof NewObjectInstruction made
                                && types.contains(
                                        made.className().asInternalName().replace('/', '.'))
                        || element instanceof InvokeInstruction call
                                && call.opcode() == Opcode.INVOKESTATIC
                                && types.contains(call.owner().asInternalName().replace('/', '.')));
    }

    private static boolean names(ClassModel model, Pattern types) {
        for (var entry : model.constantPool()) {
            if (entry instanceof ClassEntry type
                    && types.matcher(type.asInternalName()).matches()) {
                return true;
            }
        }
        return false;
    }

    private static Stream<Source> ours(NativeSources sources) {
        return sources.classes().values().stream()
                .filter(source -> source.name().startsWith(OURS));
    }

    private static boolean startsWithAny(List<String> prefixes, String name) {
        return prefixes.stream().anyMatch(name::startsWith);
    }

    private static Set<String> those(Set<String> all, Predicate<String> which) {
        Set<String> found = new TreeSet<>(all);
        found.removeIf(which.negate());
        return found;
    }

    /** What the static initialiser does, with the class's own methods that it calls. */
    private static Set<String> initialising(ClassModel model, boolean ours) {
        Map<String, MethodModel> methods = new HashMap<>();
        model.methods().forEach(method -> methods.put(key(method.methodName(), method.methodType()), method));
        Set<String> found = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of("<clinit>()V"));
        while (!next.isEmpty()) {
            String method = next.pop();
            if (!seen.add(method) || !methods.containsKey(method)) {
                continue;
            }
            methods.get(method)
                    .code()
                    .ifPresent(code -> code.forEach(element -> {
                        if (element instanceof NewObjectInstruction made
                                && NOT_IN_AN_IMAGE.contains(made.className().asInternalName())) {
                            found.add("new " + made.className().asInternalName());
                        }
                        if (element instanceof InvokeInstruction call) {
                            String what = call.owner().asInternalName() + "."
                                    + call.name().stringValue();
                            if (NOT_AT_BUILD.matcher(what).matches()
                                    || ours && NOT_OURS_AT_BUILD.matcher(what).matches()) {
                                found.add(what);
                            }
                            if (call.owner().equals(model.thisClass())) {
                                next.add(key(call.name(), call.type()));
                            }
                        }
                    }));
        }
        return found;
    }

    private static String key(Utf8Entry name, Utf8Entry type) {
        return name.stringValue() + type.stringValue();
    }

    /** Class constants that stand right before a call of Jackson that takes one. */
    private static Set<String> readOrWritten(MethodModel method) {
        Set<String> types = new TreeSet<>();
        method.code().ifPresent(code -> {
            String last = "";
            for (CodeElement element : code) {
                if (element instanceof ConstantInstruction.LoadConstantInstruction constant
                        && constant.constantEntry() instanceof ClassEntry type) {
                    last = type.asInternalName().replace('/', '.');
                } else if (element instanceof InvokeInstruction call
                        && JACKSON.matcher(call.owner().asInternalName()).matches()
                        && BY_TYPE.contains(call.name().stringValue())
                        && !last.isEmpty()) {
                    types.add(last);
                    last = "";
                } else if (element instanceof InvokeInstruction) {
                    last = "";
                }
            }
        });
        return types;
    }

    private static boolean mentions(ClassModel model, String start) {
        for (var entry : model.constantPool()) {
            if (entry instanceof Utf8Entry text && text.stringValue().startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSent(String type) {
        return type.startsWith(WEB3J + "core.methods.")
                || type.startsWith(WEB3J + "core.DefaultBlockParameter")
                || type.startsWith(WEB3J + "core.Request")
                || type.startsWith(WEB3J + "core.Response")
                || type.startsWith(WEB3J + "deserializer.");
    }

    /** Named anywhere in the class: in code, fields, signatures, annotations, as parent or as nested class. */
    private static Set<String> web3jTypesIn(ClassModel model) {
        Set<String> types = new TreeSet<>();
        for (var entry : model.constantPool()) {
            if (entry instanceof ClassEntry type) {
                types.add(type.asInternalName().replace('/', '.'));
            } else if (entry instanceof Utf8Entry text) {
                Matcher matcher = TYPES_IN.matcher(text.stringValue());
                while (matcher.find()) {
                    types.add(matcher.group(1).replace('/', '.'));
                }
            }
        }
        types.removeIf(type -> !type.startsWith(WEB3J));
        return types;
    }
}
