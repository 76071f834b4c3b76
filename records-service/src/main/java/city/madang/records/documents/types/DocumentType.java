package city.madang.records.documents.types;

import city.madang.records.catalogue.definition.FormSchema;
import city.madang.records.documents.content.Format;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A type of document.
 *
 * @param metadata schema that the metadata of each version fit
 * @param search JSON pointers of metadata by which documents are found
 * @param mostBytes of one document
 * @param retentionDays from the latest version on; null: for ever
 * @param earlyDestruction whether one may be destroyed before its time, by order
 * @param personal whether its documents are about a citizen: then each names one
 * @param open whether that citizen may read them
 * @param breakGlass agencies whose officers may read them in an emergency
 * @param tree the definition as it was given
 */
public record DocumentType(
        String titleKo,
        String titleEn,
        FormSchema metadata,
        List<String> search,
        Set<Format> formats,
        long mostBytes,
        @Nullable Integer retentionDays,
        boolean earlyDestruction,
        boolean personal,
        boolean open,
        Set<String> breakGlass,
        JsonNode tree) {}
