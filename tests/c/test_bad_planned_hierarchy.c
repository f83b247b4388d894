/* The bad-input table of hierarchies that are planned, generated and compensated for, and of sparse batches in place. */
#include "overwritten_plan.h"
#include "refuse_batch.h"
#include "refuse_forest.h"

/* What `compensation` can be. */
enum { EXACT = SAEK_COMPENSATION_EXACT, APPROXIMATE = SAEK_COMPENSATION_APPROXIMATE };

static void bad_hierarchy_plan_len(void) {
    size_t nodes = 5, answer[2], *count = answer;
    GUARD(answer);
    ACCEPTED(saek_hierarchy_plan_len(nodes, count));
    REFUSED_WITH(nodes, TOO_MANY_NODES, OUT_OF_RANGE, NODES, saek_hierarchy_plan_len(nodes, count));
    REFUSED_WITH(nodes, SIZE_MAX, OUT_OF_RANGE, NODES, saek_hierarchy_plan_len(nodes, count));
    BAD_POINTER(count, COUNT, saek_hierarchy_plan_len(nodes, count));
    nodes = UINT32_MAX;
    ACCEPTED(saek_hierarchy_plan_len(nodes, count));
    RELEASE();
}

BAD_QUERY_1(plan_hierarchy_workspace, WORKSPACE)

#define BAD_PLAN(call)                                                                                           \
    static void bad_plan_hierarchy(void) {                                                                       \
        FOREST();                                                                                                \
        uint8_t scaled_values[ROOM] = {1, 0, 0, 0, 1}, *scaled = scaled_values;                                  \
        uint32_t numbers[ENOUGH], *plan = numbers;                                                            \
        size_t feature_count = COLS, plan_len = 0;                                                               \
        WORKSPACE(saek_plan_hierarchy_workspace(nodes, bytes, align));                                           \
        saek_hierarchy_plan_len(nodes, &plan_len);                                                               \
        GUARD_CONTENTS(parent_values);                                                                           \
        GUARD_CONTENTS(feature_values);                                                                          \
        GUARD_CONTENTS(exclusive_values);                                                                        \
        GUARD_CONTENTS(scaled_values);                                                                           \
        GUARD(numbers);                                                                                          \
        ACCEPTED(call);                                                                                          \
        BAD_FOREST(call);                                                                                        \
        REFUSED_WITH(feature_count, COLS - 1, INDEX_OUT_OF_RANGE, FEATURES, call);                               \
        REFUSED_WITH(feature_count, 0, INDEX_OUT_OF_RANGE, FEATURES, call);                                      \
        REFUSED_WITH(scaled_values[0], 2, UNKNOWN_VALUE, SCALED, call);                                          \
        REFUSED_WITH(scaled_values[4], 255, UNKNOWN_VALUE, SCALED, call);                                        \
        BAD_POINTER(plan, PLAN, call);                                                                           \
        REFUSED_WITH(plan_len, 0, SHAPE, PLAN, call);                                                            \
        REFUSED_WITH(plan_len, plan_len - 1, SHAPE, PLAN, call);                                                 \
        REFUSED_WITH(plan_len, plan_len + 1, SHAPE, PLAN, call);                                                 \
        REFUSED_WITH(plan_len, plan_len + 6, SHAPE, PLAN, call);                                                 \
        REFUSED_WITH(plan_len, SIZE_MAX, SIZE_OVERFLOW, PLAN, call);                                             \
        REFUSED_WITH(plan_len, TOO_MANY(*plan), SIZE_OVERFLOW, PLAN, call);                                      \
        REFUSED_WITH(nodes, nodes - 1, SHAPE, PLAN, call);                                                       \
        REFUSED_WITH(parents, plan + 1, OVERLAP, PLAN, call);                                                    \
        REFUSED_WITH(features, plan + plan_len - 1, OVERLAP, PLAN, call);                                        \
        REFUSED_WITH(exclusive, (uint8_t *)plan + 1, OVERLAP, PLAN, call);                                       \
        REFUSED_WITH(scaled, (uint8_t *)plan + 3, OVERLAP, PLAN, call);                                          \
        REFUSED_WITH(scaled, (uint8_t *)workspace + 1, OVERLAP, WORKSPACE, call);                                \
        REFUSED_WITH(plan, (uint32_t *)workspace + 1, OVERLAP, WORKSPACE, call);                                 \
        scaled = NULL;                                                                                           \
        ACCEPTED(call);                                                                                          \
        RELEASE();                                                                                               \
    }

BAD_PLAN(saek_plan_hierarchy(parents, features, exclusive, scaled, nodes, feature_count, plan, plan_len, workspace,
                             workspace_bytes))

/* Defines the table of a workspace query by the length of a plan. The last length is that of more nodes than there can be. */
#define BAD_QUERY_BY_PLAN(function)                                                                              \
    static void bad_##function(void) {                                                                           \
        size_t plan_len = 31;                                                                                    \
        BAD_QUERY_POINTERS(saek_##function(plan_len, bytes, align));                                             \
        REFUSED_WITH(plan_len, 0, SHAPE, PLAN, saek_##function(plan_len, bytes, align));                         \
        REFUSED_WITH(plan_len, 30, SHAPE, PLAN, saek_##function(plan_len, bytes, align));                        \
        REFUSED_WITH(plan_len, 32, SHAPE, PLAN, saek_##function(plan_len, bytes, align));                        \
        REFUSED_WITH(plan_len, SIZE_MAX, SHAPE, PLAN, saek_##function(plan_len, bytes, align));                  \
        REFUSED_WITH(plan_len, SIZE_MAX / 6 * 6 - 5, SIZE_OVERFLOW, WORKSPACE,                                   \
                     saek_##function(plan_len, bytes, align));                                                   \
        RELEASE();                                                                                               \
    }

BAD_QUERY_BY_PLAN(hierarchy_apply_planned_workspace)
BAD_QUERY_BY_PLAN(compensate_probabilities_workspace)

/* Plans the forest for COLS features; the children of node 0, of feature 0, are scaled. */
static size_t plan_forest(uint32_t *plan) {
    FOREST();
    uint8_t scaled[ROOM] = {1};
    size_t plan_len = 0;
    WORKSPACE(saek_plan_hierarchy_workspace(nodes, bytes, align));
    CHECK(saek_hierarchy_plan_len(nodes, &plan_len) == SAEK_STATUS_OK && plan_len < ENOUGH);
    CHECK(saek_plan_hierarchy(parents, features, exclusive, scaled, nodes, COLS, plan, plan_len, workspace,
                              workspace_bytes) == SAEK_STATUS_OK);
    return plan_len;
}

static void overwritten_plan(void) {
    uint32_t plan[ENOUGH] = {0};
    CHECK(plan_forest(plan) == 31);
    overwritten_by_anything();
    overwritten_in_one_place(plan);
}

/* That plan, and a workspace as large as `query` says. */
#define PLANNED(query)                                                                                           \
    uint32_t numbers[ENOUGH] = {0}, *plan = numbers;                                                          \
    size_t plan_len = plan_forest(plan);                                                                         \
    WORKSPACE(query);                                                                                            \
    GUARD_CONTENTS(numbers)

#define BAD_PLANNED(call)                                                                                        \
    BAD_POINTER(plan, PLAN, call);                                                                               \
    REFUSED_WITH(plan_len, 0, SHAPE, PLAN, call);                                                                \
    REFUSED_WITH(plan_len, plan_len - 1, SHAPE, PLAN, call);                                                     \
    REFUSED_WITH(plan_len, plan_len + 1, SHAPE, PLAN, call);                                                     \
    REFUSED_WITH(plan, (uint32_t *)workspace, OVERLAP, WORKSPACE, call);                                         \
    BAD_WORKSPACE(call)

/* Those of a plan that is applied, and of the means. */
#define BAD_RULES(real, call)                                                                                    \
    BAD_PLANNED(call);                                                                                           \
    REFUSED_WITH(plan_len, SIZE_MAX, SIZE_OVERFLOW, PLAN, call);                                                 \
    REFUSED_WITH(plan_len, TOO_MANY(*plan), SIZE_OVERFLOW, PLAN, call);                                          \
    REFUSED_WITH(plan_len, plan_len + 6, WORKSPACE_TOO_SMALL, WORKSPACE, call);                                  \
    BAD_POINTER(means, MEANS, call);                                                                             \
    REFUSED_WITH(mean_count, 0, SHAPE, MEANS, call);                                                             \
    REFUSED_WITH(mean_count, COLS - 1, SHAPE, MEANS, call);                                                      \
    REFUSED_WITH(mean_count, SIZE_MAX, SIZE_OVERFLOW, MEANS, call);                                              \
    REFUSED_WITH(mean_count, TOO_MANY(*means), SIZE_OVERFLOW, MEANS, call);                                      \
    REFUSED_WITH(m[0], 0, OUT_OF_RANGE, MEANS, call);                                                            \
    REFUSED_WITH(m[0], -1, OUT_OF_RANGE, MEANS, call);                                                           \
    REFUSED_WITH(m[0], NAN, OUT_OF_RANGE, MEANS, call);                                                          \
    REFUSED_WITH(m[0], INFINITY, OUT_OF_RANGE, MEANS, call);                                                     \
    REFUSED_WITH(m[0], -INFINITY, OUT_OF_RANGE, MEANS, call);                                                    \
    REFUSED_WITH(means, (real *)workspace, OVERLAP, WORKSPACE, call);                                            \
    REFUSED_WITH(first_row, UINT64_MAX, SIZE_OVERFLOW, FIRST_ROW, call);                                         \
    REFUSED_WITH(first_row, UINT64_MAX - ROWS + 1, SIZE_OVERFLOW, FIRST_ROW, call)

#define BAD_APPLY_DENSE(type, real, call)                                                                        \
    static void bad_hierarchy_apply_planned_##type(void) {                                                       \
        /* Only the mean of feature 0 is looked at. */                                                           \
        real m[ENOUGH] = {2, 0, -1, NAN}, *means = m;                                                         \
        real values[ENOUGH] = {0, 1, 1, 1, 9, 1, 1, 1, 1, 9}, *activations = values;                          \
        size_t mean_count = COLS, rows = ROWS, cols = COLS, stride = COLS + 1;                                   \
        uint64_t first_row = 7;                                                                                  \
        PLANNED(saek_hierarchy_apply_planned_workspace(plan_len, bytes, align));                                 \
        GUARD_CONTENTS(m);                                                                                       \
        GUARD_CONTENTS(values);                                                                                  \
        ACCEPTED(call);                                                                                          \
        BAD_RULES(real, call);                                                                                   \
        BAD_MATRIX(activations, cols, stride, ACTIVATIONS, call);                                                \
        BAD_ROWS(rows, ACTIVATIONS, call);                                                                       \
        REFUSED_WITH(cols, 0, EMPTY, ACTIVATIONS, call);                                                         \
        REFUSED_WITH(cols, COLS + 2, STRIDE, ACTIVATIONS, call);                                                 \
        REFUSED_WITH(cols, COLS + 1, SHAPE, MEANS, call);                                                        \
        REFUSED_WITH(plan, (uint32_t *)activations, OVERLAP, ACTIVATIONS, call);                                 \
        REFUSED_WITH(means, activations + 1, OVERLAP, ACTIVATIONS, call);                                        \
        REFUSED_WITH(activations, (real *)workspace, OVERLAP, WORKSPACE, call);                                  \
        /* Features without a node are left alone, and so may be any; those with one may be missing. */          \
        mean_count = 1;                                                                                          \
        cols = COLS + 1;                                                                                         \
        ACCEPTED(call);                                                                                          \
        cols = COLS - 1;                                                                                         \
        ACCEPTED(call);                                                                                          \
        RELEASE();                                                                                               \
    }

BAD_APPLY_DENSE(f32, float,
                saek_hierarchy_apply_planned_f32(plan, plan_len, means, mean_count, 1, 2, first_row, activations, rows,
                                                 cols, stride, workspace, workspace_bytes))
BAD_APPLY_DENSE(f64, double,
                saek_hierarchy_apply_planned_f64(plan, plan_len, means, mean_count, 1, 2, first_row, activations, rows,
                                                 cols, stride, workspace, workspace_bytes))

#define BAD_APPLY_CSR(type, real, call)                                                                          \
    static void bad_hierarchy_apply_csr_##type(void) {                                                           \
        real m[ENOUGH] = {2, 0, -1, NAN}, *means = m;                                                         \
        size_t mean_count = COLS;                                                                                \
        PLANNED(saek_hierarchy_apply_planned_workspace(plan_len, bytes, align));                                 \
        BATCH(real);                                                                                             \
        GUARD_CONTENTS(m);                                                                                       \
        ACCEPTED(call);                                                                                          \
        BAD_RULES(real, call);                                                                                   \
        BAD_BATCH(real, call);                                                                                   \
        REFUSED_WITH(features, COLS + 1, SHAPE, MEANS, call);                                                    \
        REFUSED_WITH(plan, (uint32_t *)row_offsets, OVERLAP, ROW_OFFSETS, call);                                 \
        REFUSED_WITH(plan, columns, OVERLAP, COLUMNS, call);                                                     \
        REFUSED_WITH(plan, (uint32_t *)values, OVERLAP, VALUES, call);                                           \
        REFUSED_WITH(means, (real *)row_offsets, OVERLAP, ROW_OFFSETS, call);                                    \
        REFUSED_WITH(columns, (uint32_t *)means, OVERLAP, COLUMNS, call);                                        \
        REFUSED_WITH(means, values, OVERLAP, VALUES, call);                                                      \
        REFUSED_WITH(row_offsets, (int64_t *)workspace, OVERLAP, WORKSPACE, call);                               \
        REFUSED_WITH(columns, (uint32_t *)workspace, OVERLAP, WORKSPACE, call);                                  \
        REFUSED_WITH(values, (real *)workspace, OVERLAP, WORKSPACE, call);                                       \
        RELEASE();                                                                                               \
    }

BAD_APPLY_CSR(f32, float,
              saek_hierarchy_apply_csr_f32(plan, plan_len, means, mean_count, 1, 2, first_row, row_offsets, columns,
                                           values, capacity, rows, features, workspace, workspace_bytes))
BAD_APPLY_CSR(f64, double,
              saek_hierarchy_apply_csr_f64(plan, plan_len, means, mean_count, 1, 2, first_row, row_offsets, columns,
                                           values, capacity, rows, features, workspace, workspace_bytes))

/* A batch without non-zeros needs no memory for them. */
#define EMPTY_BATCH(type)                                                                                        \
    static void empty_batch_##type(void) {                                                                       \
        int64_t offsets[ROWS + 1] = {0};                                                                         \
        uint32_t plan[1] = {0};                                                                                  \
        CHECK(saek_modify_csr_##type(offsets, NULL, NULL, 0, ROWS, COLS, 0, NULL, NULL) == SAEK_STATUS_OK);      \
        CHECK(saek_hierarchy_apply_csr_##type(plan, 1, NULL, 0, 1, 2, 0, offsets, NULL, NULL, 0, ROWS, COLS,     \
                                              NULL, 0) == SAEK_STATUS_OK);                                       \
        CHECK(offsets[0] == 0 && offsets[1] == 0 && offsets[ROWS] == 0);                                         \
    }

EMPTY_BATCH(f32)
EMPTY_BATCH(f64)

/* Scaling beyond the range of the numbers: the rows before are complete, those from there on empty in a sparse batch. */
#define TOO_GREAT(type, real, small, great)                                                                      \
    static void too_great_##type(void) {                                                                         \
        real dense[] = {1, 1, 0, 1, great, 1, 0, 1, 1, 1, 0, 1}, mean = small;                                   \
        int64_t offsets[] = {0, 3, 6, 9};                                                                        \
        uint32_t columns[] = {0, 1, 3, 0, 1, 3, 0, 1, 3};                                                        \
        real values[] = {1, 1, 1, great, 1, 1, 1, 1, 1};                                                         \
        PLANNED(saek_hierarchy_apply_planned_workspace(plan_len, bytes, align));                                 \
        CHECK(saek_hierarchy_apply_planned_##type(plan, plan_len, &mean, 1, 1, 2, 0, dense, 3, COLS, COLS,       \
                                                  workspace, workspace_bytes) ==                                 \
              SAEK_STATUS(SAEK_STATUS_DIVERGED, SAEK_ARGUMENT_ACTIVATIONS));                                     \
        CHECK(dense[0] == 1 && dense[1] == 1 / mean && dense[2] == 0 && dense[3] == 1);                          \
        CHECK(saek_hierarchy_apply_csr_##type(plan, plan_len, &mean, 1, 1, 2, 0, offsets, columns, values, 9, 3, \
                                              COLS, workspace, workspace_bytes) ==                               \
              SAEK_STATUS(SAEK_STATUS_DIVERGED, SAEK_ARGUMENT_VALUES));                                          \
        CHECK(offsets[0] == 0 && offsets[1] == 3 && offsets[2] == 3 && offsets[3] == 3);                         \
        CHECK(columns[0] == 0 && columns[1] == 1 && columns[2] == 3);                                            \
        CHECK(values[0] == 1 && values[1] == 1 / mean && values[2] == 1);                                        \
        RELEASE();                                                                                               \
    }

TOO_GREAT(f32, float, 1e-30f, 1e30f)
TOO_GREAT(f64, double, 1e-300, 1e300)

/* What a callback shall do at the row of a number: leave `value` in its first place and answer `answer`. */
struct behaviour {
    uint64_t row;
    double value;
    int answer;
};

#define MODIFY(type, real)                                                                                       \
    static int modify_##type(void *context, uint64_t row, const uint32_t *columns, real *values, size_t count) { \
        const struct behaviour *behaviour = (const struct behaviour *)context;                                   \
        (void)columns;                                                                                           \
        if (row != behaviour->row || count == 0) {                                                               \
            return 0;                                                                                            \
        }                                                                                                        \
        values[0] = (real)behaviour->value;                                                                      \
        return behaviour->answer;                                                                                \
    }

MODIFY(f32, float)
MODIFY(f64, double)

#define BAD_MODIFY(type, real, call)                                                                             \
    static void bad_modify_csr_##type(void) {                                                                    \
        struct behaviour behaviour = {8, 3, 0};                                                                  \
        saek_modify_row_##type##_callback modify = modify_##type;                                                \
        BATCH(real);                                                                                             \
        ACCEPTED(call);                                                                                          \
        BAD_BATCH(real, call);                                                                                   \
        modify = NULL;                                                                                           \
        ACCEPTED(call);                                                                                          \
        RELEASE();                                                                                               \
    }                                                                                                            \
                                                                                                                 \
    /* Where a callback fails in the second row, the first is complete, without its negative number. */          \
    static void bad_callback_##type(void) {                                                                      \
        const double bad[] = {NAN, INFINITY, -INFINITY, 1};                                                      \
        const int answers[] = {0, 0, 0, -1};                                                                     \
        const saek_status expected[] = {SAEK_STATUS_NOT_A_NUMBER, SAEK_STATUS_INFINITE, SAEK_STATUS_INFINITE,    \
                                        SAEK_STATUS_CANCELLED};                                                  \
        saek_modify_row_##type##_callback modify = modify_##type;                                                \
        size_t i;                                                                                                \
        BATCH(real);                                                                                             \
        for (i = 0; i < 4; i++) {                                                                                \
            struct behaviour behaviour = {8, 0, 0};                                                              \
            behaviour.value = bad[i];                                                                            \
            behaviour.answer = answers[i];                                                                       \
            CHECK((call) == SAEK_STATUS(expected[i], SAEK_ARGUMENT_MODIFY));                                     \
            CHECK(offsets[0] == 0 && offsets[1] == 2 && offsets[2] == 2);                                        \
            CHECK(indices[0] == 0 && indices[1] == 2 && kept_here[0] == 1 && kept_here[1] == 1);                 \
            restore_guards();                                                                                    \
        }                                                                                                        \
        RELEASE();                                                                                               \
    }

BAD_MODIFY(f32, float,
           saek_modify_csr_f32(row_offsets, columns, values, capacity, rows, features, first_row, modify, &behaviour))
BAD_MODIFY(f64, double,
           saek_modify_csr_f64(row_offsets, columns, values, capacity, rows, features, first_row, modify, &behaviour))

static void bad_generated_forest_init(void) {
    saek_generated_forest params;
    GUARD(params);
    ACCEPTED(saek_generated_forest_init(&params));
    REFUSED(NULL_POINTER, PARAMS, saek_generated_forest_init(NULL));
    REFUSED(MISALIGNED, PARAMS, saek_generated_forest_init(OFF_BY_ONE_BYTE(&params)));
    RELEASE();
}

#define BAD_GENERATE(call)                                                                                       \
    static void bad_generate_forest(void) {                                                                      \
        saek_generated_forest params, *p = &params;                                                              \
        uint32_t parent_values[ROOM], *parents = parent_values;                                                  \
        uint32_t feature_values[ROOM], *features = feature_values;                                               \
        uint8_t exclusive_values[ROOM], *exclusive = exclusive_values;                                           \
        uint8_t scaled_values[ROOM], *scaled = scaled_values;                                                    \
        size_t room = ROOM - 4, counted[ROOM], *nodes = counted;                                                 \
        saek_generated_forest_init(p);                                                                           \
        params.roots = 2;                                                                                        \
        params.least_branching = 2;                                                                              \
        params.most_branching = 3;                                                                               \
        params.exclusive_portion = 0.5;                                                                          \
        params.exclusive_min_depth = params.scale_children = 1;                                                  \
        GUARD_CONTENTS(params);                                                                                  \
        GUARD(parent_values);                                                                                    \
        GUARD(feature_values);                                                                                   \
        GUARD(exclusive_values);                                                                                 \
        GUARD(scaled_values);                                                                                    \
        GUARD(counted);                                                                                          \
        ACCEPTED(call);                                                                                          \
        BAD_PARAMS_POINTER(params, call);                                                                        \
        REFUSED_WITH(params.roots, 0, EMPTY, ROOTS, call);                                                       \
        REFUSED_WITH(params.least_branching, 0, OUT_OF_RANGE, LEAST_BRANCHING, call);                            \
        REFUSED_WITH(params.least_branching, 1, OUT_OF_RANGE, LEAST_BRANCHING, call);                            \
        REFUSED_WITH(params.most_branching, 1, OUT_OF_RANGE, MOST_BRANCHING, call);                              \
        REFUSED_WITH(params.most_branching, 0, OUT_OF_RANGE, MOST_BRANCHING, call);                              \
        REFUSED_WITH(params.least_branching, UINT32_MAX, OUT_OF_RANGE, MOST_BRANCHING, call);                    \
        REFUSED_WITH(params.depth, 0, OUT_OF_RANGE, DEPTH, call);                                                \
        NOT_FINITE(params.exclusive_portion, EXCLUSIVE_PORTION, call);                                           \
        OUTSIDE(params.exclusive_portion, 0, 1, EXCLUSIVE_PORTION, call);                                        \
        REFUSED_WITH(params.exclusive_max_depth, 0, OUT_OF_RANGE, EXCLUSIVE_MAX_DEPTH, call);                    \
        REFUSED_WITH(params.scale_children, 2, UNKNOWN_VALUE, SCALED, call);                                     \
        REFUSED_WITH(params.scale_children, UINT32_MAX, UNKNOWN_VALUE, SCALED, call);                            \
        BAD_POINTER(parents, PARENTS, call);                                                                     \
        BAD_POINTER(features, FEATURES, call);                                                                   \
        REFUSED_WITH(exclusive, NULL, NULL_POINTER, EXCLUSIVE, call);                                            \
        REFUSED_WITH(scaled, NULL, NULL_POINTER, SCALED, call);                                                  \
        BAD_POINTER(nodes, NODES, call);                                                                         \
        REFUSED_WITH(room, 0, EMPTY, FEATURES, call);                                                            \
        REFUSED_WITH(room, SIZE_MAX, SIZE_OVERFLOW, PARENTS, call);                                              \
        REFUSED_WITH(room, TOO_MANY(*parents), SIZE_OVERFLOW, PARENTS, call);                                    \
        REFUSED_WITH(room, UINT32_MAX, OVERLAP, FEATURES, call);                                                 \
        REFUSED_WITH(features, parents + room - 1, OVERLAP, FEATURES, call);                                     \
        REFUSED_WITH(exclusive, (uint8_t *)parents + 1, OVERLAP, EXCLUSIVE, call);                               \
        REFUSED_WITH(scaled, exclusive, OVERLAP, SCALED, call);                                                  \
        REFUSED_WITH(scaled, (uint8_t *)features + 1, OVERLAP, SCALED, call);                                    \
        REFUSED_WITH(parents, (uint32_t *)nodes, OVERLAP, NODES, call);                                          \
        REFUSED_WITH(exclusive, (uint8_t *)nodes + 7, OVERLAP, NODES, call);                                     \
        /* As large as numbers go, it ends with the room. */                                                     \
        params.roots = SIZE_MAX;                                                                                 \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        params.roots = 1;                                                                                        \
        params.depth = params.exclusive_min_depth = UINT32_MAX;                                                  \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        params.most_branching = UINT32_MAX;                                                                      \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        params.least_branching = UINT32_MAX;                                                                     \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        p = NULL;                                                                                                \
        ACCEPTED(call);                                                                                          \
        RELEASE();                                                                                               \
    }

/* Room for more nodes than there are numbers: refused before any of it is touched, so that none need be there. */
static void room_for_too_many_nodes(void) {
    const uintptr_t start = (uintptr_t)1 << 40, bytes = (uintptr_t)1 << 36;
    uint32_t *parents = (uint32_t *)start, *features = (uint32_t *)(start + bytes);
    uint8_t *exclusive = (uint8_t *)(start + 2 * bytes), *scaled = (uint8_t *)(start + 3 * bytes);
    size_t nodes;
    GUARD(nodes);
    REFUSED(OUT_OF_RANGE, FEATURES,
            saek_generate_forest(NULL, 1, parents, features, exclusive, scaled, UINT32_MAX, &nodes));
    REFUSED(OUT_OF_RANGE, FEATURES,
            saek_generate_forest(NULL, 1, parents, features, exclusive, scaled, TOO_MANY_NODES, &nodes));
    RELEASE();
}

BAD_GENERATE(saek_generate_forest(p, 1, parents, features, exclusive, scaled, room, nodes))

#define BAD_COMPENSATE(type, real, call)                                                                         \
    static void bad_compensate_probabilities_##type(void) {                                                      \
        real r[ENOUGH] = {(real)0.5, (real)0.125, (real)0.125, (real)0.0625}, *rates = r;                     \
        real answer[ENOUGH], *out = answer;                                                                   \
        size_t rate_count = COLS, features = COLS, missed[ENOUGH], *unmet = missed;                           \
        uint32_t compensation = EXACT;                                                         \
        PLANNED(saek_compensate_probabilities_workspace(plan_len, bytes, align));                                \
        GUARD_CONTENTS(r);                                                                                       \
        GUARD(answer);                                                                                           \
        GUARD(missed);                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_PLANNED(call);                                                                                       \
        REFUSED_WITH(plan_len, SIZE_MAX, SHAPE, PLAN, call);                                                     \
        REFUSED_WITH(plan_len, SIZE_MAX / 6 * 6 - 5, SIZE_OVERFLOW, PLAN, call);                                 \
        BAD_POINTER(rates, RATES, call);                                                                         \
        REFUSED_WITH(rate_count, 0, EMPTY, RATES, call);                                                         \
        REFUSED_WITH(rate_count, COLS - 1, SHAPE, RATES, call);                                                  \
        REFUSED_WITH(rate_count, COLS + 1, SHAPE, RATES, call);                                                  \
        REFUSED_WITH(rate_count, SIZE_MAX, SIZE_OVERFLOW, RATES, call);                                          \
        REFUSED_WITH(rate_count, TOO_MANY(*rates), SIZE_OVERFLOW, RATES, call);                                  \
        NOT_FINITE(r[0], RATES, call);                                                                           \
        NOT_FINITE(r[COLS - 1], RATES, call);                                                                    \
        OUTSIDE(r[0], 0, 1, RATES, call);                                                                        \
        OUTSIDE(r[COLS - 1], 0, 1, RATES, call);                                                                 \
        REFUSED_WITH(compensation, 2, UNKNOWN_VALUE, COMPENSATION, call);                                        \
        REFUSED_WITH(compensation, UINT32_MAX, UNKNOWN_VALUE, COMPENSATION, call);                               \
        BAD_POINTER(out, OUT, call);                                                                             \
        REFUSED_WITH(features, 0, SHAPE, RATES, call);                                                           \
        REFUSED_WITH(features, COLS + 1, SHAPE, RATES, call);                                                    \
        REFUSED_WITH(features, SIZE_MAX, SIZE_OVERFLOW, OUT, call);                                              \
        REFUSED_WITH(features, TOO_MANY(*out), SIZE_OVERFLOW, OUT, call);                                        \
        BAD_POINTER(unmet, UNMET, call);                                                                         \
        REFUSED_WITH(out, rates, OVERLAP, OUT, call);                                                            \
        REFUSED_WITH(plan, (uint32_t *)out, OVERLAP, OUT, call);                                                 \
        REFUSED_WITH(plan, (uint32_t *)unmet, OVERLAP, UNMET, call);                                             \
        REFUSED_WITH(rates, (real *)unmet, OVERLAP, UNMET, call);                                                \
        REFUSED_WITH(out, (real *)unmet, OVERLAP, UNMET, call);                                                  \
        REFUSED_WITH(rates, (real *)workspace, OVERLAP, WORKSPACE, call);                                        \
        REFUSED_WITH(out, (real *)workspace, OVERLAP, WORKSPACE, call);                                          \
        REFUSED_WITH(unmet, (size_t *)workspace, OVERLAP, WORKSPACE, call);                                      \
        compensation = APPROXIMATE;                                                            \
        ACCEPTED(call);                                                                                          \
        RELEASE();                                                                                               \
    }

BAD_COMPENSATE(f32, float,
               saek_compensate_probabilities_f32(plan, plan_len, rates, rate_count, compensation, out, features, unmet,
                                                 workspace, workspace_bytes))
BAD_COMPENSATE(f64, double,
               saek_compensate_probabilities_f64(plan, plan_len, rates, rate_count, compensation, out, features, unmet,
                                                 workspace, workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_hierarchy_plan_len();
    bad_plan_hierarchy_workspace();
    bad_plan_hierarchy();
    bad_hierarchy_apply_planned_workspace();
    bad_compensate_probabilities_workspace();
    bad_hierarchy_apply_planned_f32();
    bad_hierarchy_apply_planned_f64();
    bad_hierarchy_apply_csr_f32();
    bad_hierarchy_apply_csr_f64();
    RUN(empty_batch_f32);
    RUN(empty_batch_f64);
    RUN(too_great_f32);
    RUN(too_great_f64);
    bad_modify_csr_f32();
    bad_modify_csr_f64();
    RUN(bad_callback_f32);
    RUN(bad_callback_f64);
    bad_generated_forest_init();
    bad_generate_forest();
    room_for_too_many_nodes();
    bad_compensate_probabilities_f32();
    bad_compensate_probabilities_f64();
    RUN(overwritten_plan);
    return finish();
}
