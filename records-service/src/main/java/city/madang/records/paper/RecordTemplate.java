package city.madang.records.paper;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.w3c.dom.Text;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * How a record looks: XHTML with CSS, as an agency writes it into its service definition. What may stand in it is listed here, element by element, and
 * nothing that names a place can: no address, no import, no font, no document type, no entity. Values go in as text nodes of the parsed
 * document, never as markup, so they need no escaping and can be no markup.
 *
 * <p>Names in braces stand for values: {@code {{title.ko}}}, {@code {{title.en}}}, {@code {{agency.ko}}}, {@code {{agency.en}}}, {@code {{record}}},
 * {@code {{issued}}}, {@code {{valid_until}}}, {@code {{verify}}}, {@code {{fact.<name>}}}; {@code {{facts}}} alone in an element for a table of all
 * facts; {@code <img src="{{qr}}"/>}, which must be there, for the code that leads to the verify page.
 */
public final class RecordTemplate {

    /** Characters. */
    public static final int LONGEST = 20_000;

    static final int MOST_ELEMENTS = 400;
    static final int DEEPEST = 16;
    private static final int DEEPEST_TABLES = 3;
    private static final int WIDEST_SPAN = 20;

    private static final Set<String> ELEMENTS = Set.of(
            "html", "head", "title", "style", "body", "div", "p", "span", "h1", "h2", "h3", "h4", "table", "thead",
            "tbody", "tfoot", "tr", "th", "td", "ul", "ol", "li", "br", "hr", "b", "strong", "i", "em", "small", "sup",
            "sub", "img");
    private static final Set<String> ATTRIBUTES =
            Set.of("class", "id", "style", "lang", "dir", "colspan", "rowspan", "alt", "src");
    private static final Set<String> VALUES =
            Set.of("title.ko", "title.en", "agency.ko", "agency.en", "record", "issued", "valid_until", "verify");

    private static final String FACTS = "facts";
    private static final String QR = "{{qr}}";
    private static final String FACT = "fact.";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]{0,80})}}");
    private static final Pattern SPAN = Pattern.compile("[1-9][0-9]?");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9 _-]{0,200}");

    private final Document document;

    private RecordTemplate(Document document) {
        this.document = document;
    }

    /** A template, or the sentence that says what is wrong with it. */
    public sealed interface Result {
        record Read(RecordTemplate template) implements Result {}

        record Wrong(String why) implements Result {}
    }

    /** A statement of the record with its label in both languages. */
    public record Line(String name, String ko, String en, String value) {}

    /** @param facts names of the record's facts */
    public static Result read(String xhtml, Set<String> facts) {
        if (xhtml.length() > LONGEST) {
            return new Result.Wrong("is longer than " + LONGEST + " characters");
        }
        try {
            Document document = parser().parse(new InputSource(new StringReader(xhtml)));
            new Check(facts).document(document);
            return new Result.Read(new RecordTemplate(document));
        } catch (Refused refused) {
            return new Result.Wrong(String.valueOf(refused.getMessage()));
        } catch (SAXException malformed) {
            return new Result.Wrong("is not well-formed XML, or has a document type: " + malformed.getMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static DocumentBuilder parser() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setXIncludeAware(false);
            factory.setCoalescing(true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            builder.setEntityResolver((publicId, systemId) -> {
                throw new SAXException("nothing is fetched");
            });
            return builder;
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The page with its values.
     *
     * @param values by the names above but facts
     * @param qr a {@code data:} URI
     */
    Document fill(Map<String, String> values, List<Line> lines, String qr) {
        Document filled = (Document) document.cloneNode(true);
        fill(filled.getDocumentElement(), values, lines, qr);
        return filled;
    }

    private static void fill(Element element, Map<String, String> values, List<Line> lines, String qr) {
        if (element.getTagName().equals("img")) {
            element.setAttribute("src", qr);
            return;
        }
        for (Node child : children(element)) {
            if (child instanceof Element inner) {
                fill(inner, values, lines, qr);
            } else if (child instanceof Text text && text.getData().strip().equals("{{" + FACTS + "}}")) {
                element.replaceChild(table(element.getOwnerDocument(), lines), text);
            } else if (child instanceof Text text) {
                text.setData(PLACEHOLDER
                        .matcher(text.getData())
                        .replaceAll(
                                found -> Matcher.quoteReplacement(printable(value(found.group(1), values, lines)))));
            }
        }
    }

    private static String value(String name, Map<String, String> values, List<Line> lines) {
        return name.startsWith(FACT)
                ? lines.stream()
                        .filter(line -> line.name().equals(name.substring(FACT.length())))
                        .map(Line::value)
                        .findFirst()
                        .orElse("–")
                : values.getOrDefault(name, "");
    }

    private static Element table(Document document, List<Line> lines) {
        Element table = document.createElement("table");
        table.setAttribute("class", FACTS);
        for (Line line : lines) {
            Element row = document.createElement("tr");
            Element label = document.createElement("th");
            Element english = document.createElement("span");
            english.setAttribute("class", "en");
            english.setTextContent(printable(line.en()));
            label.appendChild(document.createTextNode(printable(line.ko())));
            label.appendChild(document.createElement("br"));
            label.appendChild(english);
            Element value = document.createElement("td");
            value.setTextContent(printable(line.value()));
            row.appendChild(label);
            row.appendChild(value);
            table.appendChild(row);
        }
        return table;
    }

    /** Without the characters that XML 1.0 does not have: they would not survive on any paper. */
    static String printable(String text) {
        StringBuilder kept = new StringBuilder();
        text.codePoints()
                .filter(c -> c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f && c != 0xfffe && c != 0xffff))
                .filter(c -> c < 0xd800 || c > 0xdfff)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    static List<Node> children(Node parent) {
        NodeList list = parent.getChildNodes();
        List<Node> children = new ArrayList<>();
        for (int i = 0; i < list.getLength(); i++) {
            children.add(list.item(i));
        }
        return children;
    }

    /** Something that may not be there; the message says what. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    /** One walk over a document. */
    private static final class Check {

        private final Set<String> facts;
        private int elements;
        private boolean qr;

        Check(Set<String> facts) {
            this.facts = facts;
        }

        void document(Document document) {
            for (Node node : children(document)) {
                if (!(node instanceof Element)) {
                    throw new Refused("has a comment or a processing instruction");
                }
            }
            Element root = document.getDocumentElement();
            if (!root.getTagName().equals("html")) {
                throw new Refused("must begin with <html>");
            }
            element(root, 1, 0);
            if (!qr) {
                throw new Refused("must hold <img src=\"" + QR + "\"/>: the code that leads to the verify page");
            }
        }

        private void element(Element element, int depth, int tables) {
            String name = element.getTagName();
            if (!ELEMENTS.contains(name)) {
                throw new Refused("has the element " + word(name) + ", which is not one of a template");
            }
            if (++elements > MOST_ELEMENTS || depth > DEEPEST || tables > DEEPEST_TABLES) {
                throw new Refused("has more than " + MOST_ELEMENTS + " elements, or nests them deeper than " + DEEPEST
                        + ", tables deeper than " + DEEPEST_TABLES);
            }
            attributes(element);
            for (Node child : children(element)) {
                if (child instanceof Element inner) {
                    if (name.equals("style") || name.equals("title")) {
                        throw new Refused("has an element inside of <" + name + ">");
                    }
                    element(inner, depth + 1, tables + (inner.getTagName().equals("table") ? 1 : 0));
                } else if (child instanceof Text text) {
                    text(element, text.getData());
                } else {
                    throw new Refused("has a comment, a processing instruction or an entity");
                }
            }
        }

        private void text(Element parent, String text) {
            if (parent.getTagName().equals("style")) {
                css(text);
                return;
            }
            Matcher matcher = PLACEHOLDER.matcher(text);
            while (matcher.find()) {
                String name = matcher.group(1);
                boolean all = name.equals(FACTS);
                if (all
                        && (!text.strip().equals("{{" + FACTS + "}}")
                                || !Set.of("div", "body").contains(parent.getTagName()))) {
                    throw new Refused("{{" + FACTS + "}} stands alone in a <div> or in the body");
                }
                boolean known = name.startsWith(FACT)
                        ? facts.contains(name.substring(FACT.length()))
                        : all || VALUES.contains(name);
                if (!known) {
                    throw new Refused("names {{" + word(name) + "}}, of which there is no value");
                }
            }
        }

        private void attributes(Element element) {
            NamedNodeMap attributes = element.getAttributes();
            for (int i = 0; i < attributes.getLength(); i++) {
                Attr attribute = (Attr) attributes.item(i);
                String name = attribute.getName();
                String value = attribute.getValue();
                if (!ATTRIBUTES.contains(name)) {
                    throw new Refused("has the attribute " + word(name) + ", which is not one of a template");
                }
                switch (name) {
                    case "style" -> css(value);
                    case "src" -> {
                        if (!element.getTagName().equals("img") || !value.equals(QR)) {
                            throw new Refused("has a src that is not " + QR);
                        }
                        qr = true;
                    }
                    case "colspan", "rowspan" -> {
                        if (!SPAN.matcher(value).matches() || Integer.parseInt(value) > WIDEST_SPAN) {
                            throw new Refused("spans more than " + WIDEST_SPAN + " cells");
                        }
                    }
                    default -> {
                        if (!WORD.matcher(value).matches()) {
                            throw new Refused("has an attribute " + name + " that is not of letters and digits");
                        }
                    }
                }
            }
            if (element.getTagName().equals("img") && !element.hasAttribute("src")) {
                throw new Refused("has an image other than " + QR);
            }
        }

        private static void css(String css) {
            TemplateCss.fault(css).ifPresent(why -> {
                throw new Refused(why);
            });
        }

        private static String word(String text) {
            return text.replaceAll("[^A-Za-z0-9_.:-]", "?");
        }
    }
}
