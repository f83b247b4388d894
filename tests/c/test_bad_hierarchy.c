/* The bad-input table of hierarchies of features. */
#include "refuse_forest.h"

BAD_QUERY_1(hierarchy_parents_from_edges_workspace, WORKSPACE)

#define BAD_PARENTS_FROM_EDGES(call)                                                                             \
    static void bad_hierarchy_parents_from_edges(void) {                                                         \
        /* 0 has the children 1 and 2, 2 has 3; 4 stands alone. */                                               \
        uint32_t parent_values[] = {0, 0, 2}, *parents = parent_values;                                          \
        uint32_t node_values[] = {1, 2, 3}, *nodes = node_values;                                                \
        uint32_t answer[ROOM], *out = answer;                                                                    \
        size_t edges = 3, count = 5;                                                                             \
        WORKSPACE(saek_hierarchy_parents_from_edges_workspace(count, bytes, align));                             \
        GUARD_CONTENTS(parent_values);                                                                           \
        GUARD_CONTENTS(node_values);                                                                             \
        GUARD(answer);                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_POINTER(parents, PARENTS, call);                                                                     \
        BAD_POINTER(nodes, NODES, call);                                                                         \
        BAD_POINTER(out, OUT, call);                                                                             \
        REFUSED_WITH(edges, SIZE_MAX, SIZE_OVERFLOW, PARENTS, call);                                             \
        REFUSED_WITH(edges, TOO_MANY(*parents), SIZE_OVERFLOW, PARENTS, call);                                   \
        REFUSED_WITH(count, TOO_MANY_NODES, OUT_OF_RANGE, OUT, call);                                            \
        REFUSED_WITH(count, SIZE_MAX, OUT_OF_RANGE, OUT, call);                                                  \
        REFUSED_WITH(out, parents, OVERLAP, OUT, call);                                                          \
        REFUSED_WITH(out, nodes + 2, OVERLAP, OUT, call);                                                        \
        REFUSED_WITH(parents, (uint32_t *)workspace, OVERLAP, WORKSPACE, call);                                  \
        REFUSED_WITH(out, (uint32_t *)workspace, OVERLAP, WORKSPACE, call);                                      \
        BAD_WORKSPACE(call);                                                                                     \
        REFUSED_WITH(parent_values[2], 5, INDEX_OUT_OF_RANGE, PARENTS, call);                                    \
        REFUSED_WITH(parent_values[2], SAEK_NONE, INDEX_OUT_OF_RANGE, PARENTS, call);                            \
        REFUSED_WITH(node_values[2], 5, INDEX_OUT_OF_RANGE, NODES, call);                                        \
        REFUSED_WITH(node_values[2], SAEK_NONE, INDEX_OUT_OF_RANGE, NODES, call);                                \
        REFUSED_WITH(node_values[2], 1, SECOND_PARENT, NODES, call);                                             \
        REFUSED_WITH(parent_values[1], 2, CYCLE, PARENTS, call);                                                 \
        REFUSED_WITH(parent_values[1], 3, CYCLE, PARENTS, call);                                                 \
        RELEASE();                                                                                               \
    }

BAD_PARENTS_FROM_EDGES(saek_hierarchy_parents_from_edges(parents, nodes, edges, out, count, workspace,
                                                         workspace_bytes))

BAD_QUERY_1(hierarchy_validate_workspace, WORKSPACE)

#define BAD_VALIDATE(call)                                                                                       \
    static void bad_hierarchy_validate(void) {                                                                   \
        FOREST();                                                                                                \
        size_t feature_count = 4;                                                                                \
        WORKSPACE(saek_hierarchy_validate_workspace(nodes, bytes, align));                                       \
        GUARD_CONTENTS(parent_values);                                                                           \
        GUARD_CONTENTS(feature_values);                                                                          \
        GUARD_CONTENTS(exclusive_values);                                                                        \
        ACCEPTED_WITHOUT_OUTPUT(call);                                                                           \
        BAD_FOREST(call);                                                                                        \
        REFUSED_WITH(feature_count, 3, INDEX_OUT_OF_RANGE, FEATURES, call);                                      \
        REFUSED_WITH(feature_count, 0, INDEX_OUT_OF_RANGE, FEATURES, call);                                      \
        RELEASE();                                                                                               \
    }

BAD_VALIDATE(saek_hierarchy_validate(parents, features, exclusive, nodes, feature_count, workspace, workspace_bytes))

BAD_QUERY_1(hierarchy_apply_f32_workspace, WORKSPACE)
BAD_QUERY_1(hierarchy_apply_f64_workspace, WORKSPACE)

#define BAD_APPLY(type, real, call)                                                                              \
    static void bad_hierarchy_apply_##type(void) {                                                               \
        FOREST();                                                                                                \
        real values[ROOM] = {0, 1, 1, 1, 9, 1, 1, 1, 1, 9}, *activations = values;                               \
        size_t rows = 2, cols = 4, stride = 5;                                                                   \
        uint64_t first_row = 7;                                                                                  \
        WORKSPACE(saek_hierarchy_apply_##type##_workspace(nodes, bytes, align));                                 \
        GUARD_CONTENTS(parent_values);                                                                           \
        GUARD_CONTENTS(feature_values);                                                                          \
        GUARD_CONTENTS(exclusive_values);                                                                        \
        GUARD_CONTENTS(values);                                                                                  \
        ACCEPTED(call);                                                                                          \
        BAD_FOREST(call);                                                                                        \
        BAD_MATRIX(activations, cols, stride, ACTIVATIONS, call);                                                \
        BAD_ROWS(rows, ACTIVATIONS, call);                                                                       \
        REFUSED_WITH(cols, 0, EMPTY, ACTIVATIONS, call);                                                         \
        REFUSED_WITH(cols, 6, STRIDE, ACTIVATIONS, call);                                                        \
        REFUSED_WITH(cols, 3, INDEX_OUT_OF_RANGE, FEATURES, call);                                               \
        REFUSED_WITH(parents, (uint32_t *)activations, OVERLAP, ACTIVATIONS, call);                              \
        REFUSED_WITH(features, (uint32_t *)activations, OVERLAP, ACTIVATIONS, call);                             \
        REFUSED_WITH(exclusive, (uint8_t *)activations + 1, OVERLAP, ACTIVATIONS, call);                         \
        REFUSED_WITH(activations, (real *)workspace, OVERLAP, WORKSPACE, call);                                  \
        REFUSED_WITH(first_row, UINT64_MAX, SIZE_OVERFLOW, FIRST_ROW, call);                                     \
        REFUSED_WITH(first_row, UINT64_MAX - 1, SIZE_OVERFLOW, FIRST_ROW, call);                                 \
        RELEASE();                                                                                               \
    }

BAD_APPLY(f32, float,
          saek_hierarchy_apply_f32(parents, features, exclusive, nodes, 1, 2, first_row, activations, rows, cols,
                                   stride, workspace, workspace_bytes))
BAD_APPLY(f64, double,
          saek_hierarchy_apply_f64(parents, features, exclusive, nodes, 1, 2, first_row, activations, rows, cols,
                                   stride, workspace, workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_hierarchy_parents_from_edges_workspace();
    bad_hierarchy_parents_from_edges();
    bad_hierarchy_validate_workspace();
    bad_hierarchy_validate();
    bad_hierarchy_apply_f32_workspace();
    bad_hierarchy_apply_f64_workspace();
    bad_hierarchy_apply_f32();
    bad_hierarchy_apply_f64();
    return finish();
}
