package io.mailferry.structure;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.mailferry.contracts.Topic;
import io.mailferry.deploy.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class StructureTest {
    private static final List<String> BANNED_SUFFIXES =
            List.of("Impl", "Util", "Utils", "Manager", "Helper", "Handler", "Processor", "Service");
    private static final Set<String> BANNED_PACKAGES =
            Set.of("model", "service", "dto", "common", "util", "utils", "impl");

    private static final int LINES_MAX = 400;
    private static final int TEST_LINES_MAX = 600;

    /** Those that speak to a terminal. */
    private static final List<String> SPEAKING = List.of("cli", "local-stack", "fleet-simulator");

    static Stream<String> modules() {
        return Modules.ROOTS.keySet().stream();
    }

    static Stream<String> services() {
        return Repository.SERVICES.stream();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void findsEveryModulesClasses(String module) {
        assertThat(Modules.of(module)).as("compiled classes of " + module).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void keepsEachModuleInItsOwnPackage(String module) {
        classes()
                .should()
                .resideInAnyPackage(Modules.ROOTS.get(module) + "..")
                .allowEmptyShould(true)
                .check(Modules.of(module));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void hasNoCycleBetweenPackages(String module) {
        slices().assignedFrom(new EachPackage())
                .should()
                .beFreeOfCycles()
                // The catalogue of topics names every event, and every event is an Event beside it.
                .ignoreDependency(equivalentTo(Topic.class), DescribedPredicate.alwaysTrue())
                .allowEmptyShould(true)
                .check(Modules.of(module));
    }

    @Test
    void namesThingsByWhatTheyAre() {
        for (String suffix : BANNED_SUFFIXES) {
            noClasses()
                    .that()
                    .areNotAnonymousClasses()
                    .should()
                    .haveSimpleNameEndingWith(suffix)
                    .because("a name says what a thing is, not which drawer it came from")
                    .allowEmptyShould(true)
                    .check(Modules.all());
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void keepsFilesReadable(String module) {
        assertThat(Repository.files(Repository.path(module + "/src"), ".java"))
                .filteredOn(file -> Repository.text(file).lines().count() > linesMax(file))
                .as("files that are too long to read")
                .isEmpty();
    }

    private static int linesMax(Path file) {
        return file.toString().contains("/src/test/") ? TEST_LINES_MAX : LINES_MAX;
    }

    @Test
    void namesPackagesByNounsOfTheDomain() {
        assertThat(packages()).noneMatch(name -> BANNED_PACKAGES.contains(name.substring(name.lastIndexOf('.') + 1)));
    }

    @Test
    void explainsEveryPackageAndMarksItsNulls() {
        Set<String> explained = Modules.all().stream()
                .filter(type -> type.getSimpleName().equals("package-info"))
                .filter(type -> type.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());

        assertThat(packages()).isSubsetOf(explained);
    }

    @Test
    void keepsContractsFreeOfFrameworks() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "io.mailferry.contracts..", "org.jspecify.annotations..")
                .check(Modules.of("contracts"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void keepsServicesApart(String service) {
        String[] others = Stream.concat(Repository.SERVICES.stream(), SPEAKING.stream())
                .filter(other -> !other.equals(service))
                .map(other -> Modules.ROOTS.get(other) + "..")
                .toArray(String[]::new);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(Modules.of(service));
    }

    @Test
    void letsNoLibraryKnowAService() {
        String[] services = Repository.SERVICES.stream()
                .map(service -> Modules.ROOTS.get(service) + "..")
                .toArray(String[]::new);
        for (String library :
                List.of("contracts", "messaging", "operator-access", "exchange-client", "archive", "cli")) {
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(services)
                    .allowEmptyShould(true)
                    .check(Modules.of(library));
        }
    }

    @Test
    void keepsTheSimulatorsExchangeApartFromTheClients() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.mailferry.exchange..")
                .because("a shared codec would share a bug")
                .allowEmptyShould(true)
                .check(Modules.of("fleet-simulator"));
    }

    @Test
    void injectsByConstructorsOnly() {
        noFields()
                .should()
                .beAnnotatedWith("jakarta.inject.Inject")
                .orShould()
                .beAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty")
                .check(Modules.all());
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.eclipse.microprofile.config.inject.ConfigProperty")
                .because("settings are one documented interface per package")
                .check(Modules.all());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void keepsStateOutOfStatics(String module) {
        if (SPEAKING.contains(module)) {
            return;
        }
        fields().that()
                .areStatic()
                .and(are(describe(
                        "written in the source", field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC))))
                .should()
                .beFinal()
                .allowEmptyShould(true)
                .check(Modules.of(module));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void printsOnlyWhereAPersonReads(String module) {
        if (SPEAKING.contains(module)) {
            return;
        }
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .allowEmptyShould(true)
                .check(Modules.of(module));
    }

    private static Set<String> packages() {
        JavaClasses all = Modules.all();
        assertThat(all).isNotEmpty();
        return all.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every package is a slice of its own; a package and its subpackages are different ones. */
    private static final class EachPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().startsWith("io.mailferry.")
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "each package";
        }
    }
}
