package city.madang.records.documents.content;

import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** XML is well-formed UTF-8 without a document type: so no entity of its own, no bomb of them, and nothing that is fetched. */
final class XmlScan {

    private static final int DEEPEST = 200;

    private static final XMLInputFactory FACTORY = factory();

    private XmlScan() {}

    static void scan(InputStream in) throws IOException, Refused {
        try {
            XMLStreamReader reader = FACTORY.createXMLStreamReader(TextScan.strict(in));
            String encoding = reader.getCharacterEncodingScheme();
            if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
                throw new Refused("XML must be UTF-8");
            }
            int depth = 0;
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new Refused("XML may have no document type and no entities of its own");
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (++depth > DEEPEST) {
                            throw new Refused("the XML is nested too deeply");
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> depth--;
                    default -> {}
                }
            }
            reader.close();
        } catch (XMLStreamException malformed) {
            throw new Refused("it is not well-formed XML without a document type");
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("nothing is fetched");
        });
        return factory;
    }
}
