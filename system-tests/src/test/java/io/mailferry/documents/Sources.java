package io.mailferry.documents;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Types and their Javadoc as the compiler's parser sees them; nothing is compiled or resolved. */
final class Sources {
    /**
     * @param name with the names of the enclosing types, such as {@code InventoryEvent.ServerDiscovered}
     * @param text the Javadoc's body as one paragraph; empty if there is none
     * @param parameters the Javadoc's {@code @param} by name
     * @param annotations their values by simple name; the value is the only argument's text, empty without one
     */
    record Type(
            String packageName,
            String name,
            String text,
            Map<String, String> parameters,
            Map<String, String> annotations,
            List<Method> methods) {}

    record Method(String name, String returns, String text, Map<String, String> annotations) {}

    private Sources() {}

    static List<Type> parse(List<Path> files) {
        if (files.isEmpty()) {
            return List.of();
        }
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "tests run on a JDK");
        try (var manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            Scanner scanner = new Scanner(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, null);
            }
            return List.copyOf(scanner.types);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final DocTrees docs;
        private final List<Type> types = new ArrayList<>();

        Scanner(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
            List<Method> methods = tree.getMembers().stream()
                    .filter(MethodTree.class::isInstance)
                    .map(MethodTree.class::cast)
                    .map(this::method)
                    .toList();
            types.add(new Type(
                    String.valueOf(getCurrentPath().getCompilationUnit().getPackageName()),
                    name(getCurrentPath()),
                    comment == null ? "" : text(comment.getFullBody()),
                    comment == null ? Map.of() : parameters(comment),
                    annotations(tree.getModifiers()),
                    methods));
            return super.visitClass(tree, unused);
        }

        private Method method(MethodTree tree) {
            DocCommentTree comment = docs.getDocCommentTree(new TreePath(getCurrentPath(), tree));
            return new Method(
                    tree.getName().toString(),
                    String.valueOf(tree.getReturnType()),
                    comment == null ? "" : text(comment.getFullBody()),
                    annotations(tree.getModifiers()));
        }

        private static String name(TreePath path) {
            List<String> names = new ArrayList<>();
            for (Tree tree : path) {
                if (tree instanceof ClassTree type) {
                    names.addFirst(type.getSimpleName().toString());
                }
            }
            return String.join(".", names);
        }

        private static Map<String, String> parameters(DocCommentTree comment) {
            return comment.getBlockTags().stream()
                    .filter(ParamTree.class::isInstance)
                    .map(ParamTree.class::cast)
                    .collect(Collectors.toMap(
                            parameter -> parameter.getName().toString(),
                            parameter -> text(parameter.getDescription())));
        }

        private static Map<String, String> annotations(ModifiersTree modifiers) {
            Map<String, String> annotations = new LinkedHashMap<>();
            for (AnnotationTree annotation : modifiers.getAnnotations()) {
                String name = annotation.getAnnotationType().toString();
                annotations.put(
                        name.substring(name.lastIndexOf('.') + 1),
                        annotation.getArguments().stream()
                                .findFirst()
                                .flatMap(Scanner::value)
                                .orElse(""));
            }
            return annotations;
        }

        private static Optional<String> value(ExpressionTree argument) {
            ExpressionTree value = argument instanceof AssignmentTree named ? named.getExpression() : argument;
            return value instanceof com.sun.source.tree.LiteralTree literal
                    ? Optional.of(String.valueOf(literal.getValue()))
                    : Optional.empty();
        }
    }

    private static String text(List<? extends DocTree> parts) {
        return parts.stream()
                .map(Sources::text)
                .collect(Collectors.joining())
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String text(DocTree part) {
        return switch (part) {
            case LiteralTree literal
            when literal.getKind() == DocTree.Kind.CODE ->
                "`" + literal.getBody().getBody() + "`";
            case LiteralTree literal -> literal.getBody().getBody();
            case LinkTree link
            when link.getLabel().isEmpty() ->
                "`" + link.getReference().getSignature().replaceFirst("^#", "").replace('#', '.') + "`";
            case LinkTree link -> text(link.getLabel());
            case DocTree other when isMarkup(other) -> " ";
            case DocTree other -> other.toString();
        };
    }

    private static boolean isMarkup(DocTree part) {
        return part.getKind() == DocTree.Kind.START_ELEMENT || part.getKind() == DocTree.Kind.END_ELEMENT;
    }
}
