package city.madang.kit.problem;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import jakarta.inject.Singleton;
import org.hibernate.validator.spi.nodenameprovider.JavaBeanProperty;
import org.hibernate.validator.spi.nodenameprovider.Property;
import org.hibernate.validator.spi.nodenameprovider.PropertyNodeNameProvider;

/** Names what is not valid as the caller wrote it: the member of the JSON body, not the component of the Java record. */
@Singleton
public class JsonNames implements PropertyNodeNameProvider {

    private final ObjectMapper json;

    public JsonNames(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public String getName(Property property) {
        return property instanceof JavaBeanProperty bean ? memberName(bean) : property.getName();
    }

    private String memberName(JavaBeanProperty property) {
        var config = json.getDeserializationConfig();
        return config.introspect(config.constructType(property.getDeclaringClass())).findProperties().stream()
                .filter(member -> member.getInternalName().equals(property.getName()))
                .map(BeanPropertyDefinition::getName)
                .findFirst()
                .orElse(property.getName());
    }
}
