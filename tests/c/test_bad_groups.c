/* The bad-input table of features correlated in groups: counting, laying out and sampling them. */
#include "refuse_variables.h"

enum {
    FEATURES = 5, PAIRS = 2, MEMBERS = 4, GROUPS = 2, FACTORS = 6, LARGEST = 2, ROWS = 3, STRIDE = 6,
    CAPACITY = ROWS * FEATURES, ROOM = 8
};

/* Two groups of two and a feature on its own, with all that they point to. */
#define RECIPE(type, real)                                                                           \
    struct recipe_##type {                                                                           \
        saek_correlated_pair pairs[PAIRS];                                                           \
        real probabilities[ROOM], independent[ROOM], factors[ROOM], thresholds[ROOM];                \
        uint32_t members[ROOM], ranks[ROOM], group_ends[ROOM];                                       \
        double hazards[ROOM], listed_probabilities[ROOM];                                            \
        uint32_t guide[ROOM], listed[ROOM];                                                          \
        saek_correlated_groups_lengths lengths;                                                      \
        saek_correlated_groups_##type groups;                                                        \
        saek_firing_plan plan;                                                                       \
        saek_planned_firing_##type firing;                                                           \
    };                                                                                               \
    static void recipe_init_##type(struct recipe_##type *r) {                                        \
        static const double values[FEATURES] = {0.25, 1, 0.5, 0.125, 0.75};                          \
        size_t j;                                                                                    \
        memset(r, 0, sizeof *r);                                                                     \
        for (j = 0; j < FEATURES; j++) {                                                             \
            r->probabilities[j] = (real)values[j];                                                   \
        }                                                                                            \
        r->pairs[0].j = 3;                                                                           \
        r->pairs[0].correlation = 0.5;                                                               \
        r->pairs[1].i = 1;                                                                           \
        r->pairs[1].j = 4;                                                                           \
        r->pairs[1].correlation = -0.25;                                                             \
        saek_correlated_groups_lengths_init(&r->lengths);                                            \
        r->lengths.members = MEMBERS;                                                                \
        r->lengths.groups = GROUPS;                                                                  \
        r->lengths.factors = FACTORS;                                                                \
        r->lengths.largest = LARGEST;                                                                \
        saek_correlated_groups_##type##_init(&r->groups);                                            \
        r->groups.lengths = &r->lengths;                                                             \
        r->groups.members = r->members;                                                              \
        r->groups.ranks = r->ranks;                                                                  \
        r->groups.group_ends = r->group_ends;                                                        \
        r->groups.factors = r->factors;                                                              \
        r->groups.thresholds = r->thresholds;                                                        \
        saek_firing_plan_init(&r->plan);                                                             \
        r->plan.features = FEATURES;                                                                 \
        r->plan.cumulative_hazards = r->hazards;                                                     \
        r->plan.guide = r->guide;                                                                    \
        r->plan.guide_len = 3;                                                                       \
        saek_planned_firing_##type##_init(&r->firing);                                               \
        r->firing.plan = &r->plan;                                                                   \
    }

RECIPE(f32, float)
RECIPE(f64, double)

BAD_INIT(saek_correlated_groups_lengths, LENGTHS, saek_correlated_groups_lengths_init)
BAD_INIT(saek_correlated_groups_f32, GROUPS, saek_correlated_groups_f32_init)
BAD_INIT(saek_correlated_groups_f64, GROUPS, saek_correlated_groups_f64_init)

/* A workspace in `workspace` and `bytes`, as large as a query says. */
#define WORKSPACE(query)                                                                             \
    CHECK((query) == SAEK_STATUS_OK);                                                                \
    workspace = new_workspace(bytes, align, &memory)

/* The faults of a list of pairs. */
#define BAD_PAIRS(recipe, pairs, pair_count, call)                                                   \
    BAD_POINTER(pairs, PAIRS, call);                                                                 \
    BAD_LENGTH(pair_count, *(pairs), PAIRS, call);                                                   \
    BAD((recipe).pairs[1].j, FEATURES, INDEX_OUT_OF_RANGE, PAIRS, call);                             \
    BAD((recipe).pairs[1].i, UINT32_MAX, INDEX_OUT_OF_RANGE, PAIRS, call);                           \
    BAD((recipe).pairs[1].i, 4, ORDER, PAIRS, call);                                                 \
    NOT_FINITE((recipe).pairs[1].correlation, PAIRS, call);                                          \
    BAD((recipe).pairs[1].correlation, 1.5, OUT_OF_RANGE, PAIRS, call)

static void bad_count_groups(void) {
    struct recipe_f64 recipe;
    const saek_correlated_pair *pairs = recipe.pairs;
    saek_correlated_groups_lengths written, *lengths = &written;
    size_t pair_count = PAIRS, features = FEATURES, query[4], *query_bytes = query, *query_align = query + 2;
    size_t bytes, align;
    void *workspace, *memory;
    recipe_init_f64(&recipe);
    GUARD(query);
    GOOD(saek_count_groups_workspace(features, query_bytes, query_align));
    BAD_QUERY(query_bytes, query_align, saek_count_groups_workspace(features, query_bytes, query_align));
    BAD(features, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, saek_count_groups_workspace(features, query_bytes, query_align));
    RELEASE();
    WORKSPACE(saek_count_groups_workspace(features, &bytes, &align));
    saek_correlated_groups_lengths_init(&written);
    GUARD_CONTENTS(written);
    GUARD_CONTENTS(recipe);
#define COUNT() saek_count_groups(pairs, pair_count, features, lengths, workspace, bytes)
    GOOD(COUNT());
    BAD_PAIRS(recipe, pairs, pair_count, COUNT());
    BAD(features, 0, EMPTY, FEATURES, COUNT());
    BAD_POINTER(lengths, LENGTHS, COUNT());
    BAD_STRUCT(written, LENGTHS, COUNT());
    BAD_WORKSPACE(workspace, bytes, COUNT());
    RELEASE();
    CHECK(COUNT() == SAEK_STATUS_OK && written.members == MEMBERS && written.groups == GROUPS);
    CHECK(written.factors == FACTORS && written.largest == LARGEST);
    free(memory);
}

#define LAY_OUT_QUERY(type) saek_correlate_groups_##type##_workspace(features, lengths, query_bytes, query_align)
#define LAY_OUT(type)                                                                                \
    saek_correlate_groups_##type(pairs, pair_count, probabilities, len, independent, features, groups, report, workspace, bytes)
#define CSR_QUERY(type) saek_sample_grouped_csr_##type##_workspace(lengths, query_bytes, query_align)
#define DENSE_QUERY(type) saek_sample_grouped_##type##_workspace(lengths, query_bytes, query_align)
#define CSR(type)                                                                                    \
    saek_sample_grouped_csr_##type(firing, groups, 1, 2, first_row, rows, row_offsets, columns, values, capacity,  \
                                   workspace, bytes)
#define DENSE(type)                                                                                  \
    saek_sample_grouped_##type(firing, groups, 1, 2, first_row, out, rows, cols, stride, workspace, bytes)

/* The faults of the struct of groups and of its arrays. */
#define BAD_GROUPS(groups, recipe, call)                                                             \
    BAD_POINTER(groups, GROUPS, call);                                                               \
    BAD_STRUCT((recipe).groups, GROUPS, call);                                                       \
    BAD_POINTER((recipe).groups.lengths, LENGTHS, call);                                             \
    BAD_STRUCT((recipe).lengths, LENGTHS, call);                                                     \
    BAD_POINTER((recipe).groups.members, MEMBERS, call);                                             \
    BAD_POINTER((recipe).groups.ranks, RANKS, call);                                                 \
    BAD_POINTER((recipe).groups.group_ends, GROUP_ENDS, call);                                       \
    BAD_POINTER((recipe).groups.factors, FACTORS, call);                                             \
    BAD_POINTER((recipe).groups.thresholds, THRESHOLDS, call);                                       \
    BAD_LENGTH((recipe).lengths.members, *(recipe).members, MEMBERS, call);                          \
    BAD_LENGTH((recipe).lengths.groups, *(recipe).group_ends, GROUP_ENDS, call);                     \
    BAD_LENGTH((recipe).lengths.factors, *(recipe).factors, FACTORS, call)

/* The faults of what samples are made from. */
#define BAD_SOURCES(recipe, call)                                                                    \
    BAD_POINTER(firing, FIRING, call);                                                               \
    BAD_STRUCT((recipe).firing, FIRING, call);                                                       \
    BAD_POINTER((recipe).firing.plan, PLAN, call);                                                   \
    BAD_STRUCT((recipe).plan, PLAN, call);                                                           \
    BAD_GROUPS(groups, recipe, call);                                                                \
    BAD((recipe).members[1], 0, UNSORTED, MEMBERS, call);                                            \
    BAD((recipe).members[3], FEATURES, INDEX_OUT_OF_RANGE, MEMBERS, call);                           \
    BAD((recipe).ranks[2], MEMBERS, INDEX_OUT_OF_RANGE, RANKS, call);                                \
    BAD((recipe).group_ends[0], 5, UNSORTED, GROUP_ENDS, call);                                      \
    BAD((recipe).group_ends[1], 3, SHAPE, GROUP_ENDS, call);                                         \
    BAD((recipe).group_ends[0], 1, SHAPE, FACTORS, call);                                            \
    BAD((recipe).lengths.factors, FACTORS - 1, SHAPE, FACTORS, call);                                \
    BAD((recipe).lengths.largest, 0, WORKSPACE_TOO_SMALL, WORKSPACE, call);                          \
    BAD((recipe).lengths.largest, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, call);                         \
    BAD_WORKSPACE(workspace, bytes, call)

#define BAD_TABLES(type, real)                                                                       \
    static void bad_queries_##type(void) {                                                           \
        struct recipe_##type recipe;                                                                 \
        const saek_correlated_groups_lengths *lengths = &recipe.lengths;                             \
        size_t features = FEATURES, query[4], *query_bytes = query, *query_align = query + 2;        \
        recipe_init_##type(&recipe);                                                                 \
        GUARD(query);                                                                                \
        GUARD_CONTENTS(recipe);                                                                      \
        GOOD(LAY_OUT_QUERY(type));                                                                   \
        BAD_POINTER(lengths, LENGTHS, LAY_OUT_QUERY(type));                                          \
        BAD_STRUCT(recipe.lengths, LENGTHS, LAY_OUT_QUERY(type));                                    \
        BAD_QUERY(query_bytes, query_align, LAY_OUT_QUERY(type));                                    \
        BAD(features, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, LAY_OUT_QUERY(type));                      \
        BAD(recipe.lengths.largest, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, LAY_OUT_QUERY(type));        \
        BAD(recipe.lengths.factors, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, LAY_OUT_QUERY(type));        \
        GOOD(CSR_QUERY(type));                                                                       \
        BAD_POINTER(lengths, LENGTHS, CSR_QUERY(type));                                              \
        BAD_STRUCT(recipe.lengths, LENGTHS, CSR_QUERY(type));                                        \
        BAD_QUERY(query_bytes, query_align, CSR_QUERY(type));                                        \
        BAD(recipe.lengths.largest, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, CSR_QUERY(type));            \
        GOOD(DENSE_QUERY(type));                                                                     \
        BAD_POINTER(lengths, LENGTHS, DENSE_QUERY(type));                                            \
        BAD_STRUCT(recipe.lengths, LENGTHS, DENSE_QUERY(type));                                      \
        BAD_QUERY(query_bytes, query_align, DENSE_QUERY(type));                                      \
        BAD(recipe.lengths.largest, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, DENSE_QUERY(type));          \
        RELEASE();                                                                                   \
    }                                                                                                \
                                                                                                     \
    static void bad_correlate_groups_##type(void) {                                                  \
        struct recipe_##type recipe;                                                                 \
        const saek_correlated_pair *pairs = recipe.pairs;                                            \
        const saek_correlated_groups_##type *groups = &recipe.groups;                                \
        const real *probabilities = recipe.probabilities;                                            \
        real *independent = recipe.independent;                                                      \
        size_t repaired[2], *report = repaired;                                                      \
        size_t pair_count = PAIRS, len = FEATURES, features = FEATURES, bytes, align;                \
        void *workspace, *memory;                                                                    \
        recipe_init_##type(&recipe);                                                                 \
        WORKSPACE(saek_correlate_groups_##type##_workspace(features, &recipe.lengths, &bytes, &align)); \
        GUARD(repaired);                                                                             \
        GUARD_CONTENTS(recipe);                                                                      \
        GOOD(LAY_OUT(type));                                                                         \
        BAD_PAIRS(recipe, pairs, pair_count, LAY_OUT(type));                                         \
        BAD(recipe.pairs[1].correlation, -1, NOT_POSITIVE_DEFINITE, PAIRS, LAY_OUT(type));           \
        BAD_POINTER(probabilities, PROBABILITIES, LAY_OUT(type));                                    \
        BAD_LENGTH(len, *probabilities, PROBABILITIES, LAY_OUT(type));                               \
        BAD(len, 0, EMPTY, PROBABILITIES, LAY_OUT(type));                                            \
        BAD(len, 2, SHAPE, PROBABILITIES, LAY_OUT(type));                                            \
        NOT_FINITE(recipe.probabilities[1], PROBABILITIES, LAY_OUT(type));                           \
        BAD(recipe.probabilities[1], 1.5, OUT_OF_RANGE, PROBABILITIES, LAY_OUT(type));               \
        BAD_POINTER(independent, INDEPENDENT, LAY_OUT(type));                                        \
        BAD(independent, recipe.probabilities, OVERLAP, INDEPENDENT, LAY_OUT(type));                 \
        BAD(features, 0, EMPTY, FEATURES, LAY_OUT(type));                                            \
        BAD(features, SIZE_MAX, OUT_OF_RANGE, FEATURES, LAY_OUT(type));                              \
        BAD_GROUPS(groups, recipe, LAY_OUT(type));                                                   \
        BAD(recipe.lengths.members, MEMBERS + 1, SHAPE, MEMBERS, LAY_OUT(type));                     \
        BAD(recipe.lengths.groups, GROUPS + 1, SHAPE, GROUP_ENDS, LAY_OUT(type));                    \
        BAD(recipe.lengths.factors, FACTORS - 1, SHAPE, FACTORS, LAY_OUT(type));                     \
        BAD(recipe.groups.ranks, recipe.members, OVERLAP, RANKS, LAY_OUT(type));                     \
        BAD(recipe.groups.factors, recipe.independent, OVERLAP, FACTORS, LAY_OUT(type));             \
        BAD(recipe.groups.thresholds, recipe.factors, OVERLAP, THRESHOLDS, LAY_OUT(type));           \
        BAD(report, OFF_BY_ONE_BYTE(report), MISALIGNED, REPORT, LAY_OUT(type));                     \
        BAD(recipe.lengths.largest, 0, WORKSPACE_TOO_SMALL, WORKSPACE, LAY_OUT(type));               \
        BAD_WORKSPACE(workspace, bytes, LAY_OUT(type));                                              \
        RELEASE();                                                                                   \
        report = NULL;                                                                               \
        CHECK(LAY_OUT(type) == SAEK_STATUS_OK && recipe.members[1] == 1 && recipe.independent[2] > 0); \
        free(memory);                                                                                \
    }                                                                                                \
                                                                                                     \
    /* Fills a recipe's groups and its plan. */                                                      \
    static void prepare_##type(struct recipe_##type *r) {                                            \
        size_t bytes, align;                                                                         \
        void *workspace, *memory;                                                                    \
        recipe_init_##type(r);                                                                       \
        WORKSPACE(saek_correlate_groups_##type##_workspace(FEATURES, &r->lengths, &bytes, &align));  \
        CHECK(saek_correlate_groups_##type(r->pairs, PAIRS, r->probabilities, FEATURES, r->independent, FEATURES, \
                                           &r->groups, NULL, workspace, bytes) == SAEK_STATUS_OK);   \
        CHECK(saek_plan_firing_##type(r->independent, FEATURES, &r->plan) == SAEK_STATUS_OK);        \
        free(memory);                                                                                \
    }                                                                                                \
                                                                                                     \
    static void bad_sample_grouped_csr_##type(void) {                                                \
        int64_t offsets_memory[CAPACITY], *row_offsets = offsets_memory;                             \
        uint32_t columns_memory[2 * CAPACITY], *columns = columns_memory;                            \
        real values_memory[CAPACITY], *values = values_memory;                                       \
        struct recipe_##type recipe;                                                                 \
        const saek_planned_firing_##type *firing = &recipe.firing;                                   \
        const saek_correlated_groups_##type *groups = &recipe.groups;                                \
        uint64_t first_row = 7;                                                                      \
        size_t rows = ROWS, capacity = CAPACITY, bytes, align;                                       \
        void *workspace, *memory;                                                                    \
        prepare_##type(&recipe);                                                                     \
        WORKSPACE(saek_sample_grouped_csr_##type##_workspace(&recipe.lengths, &bytes, &align));      \
        GUARD(offsets_memory);                                                                       \
        GUARD(columns_memory);                                                                       \
        GUARD(values_memory);                                                                        \
        GUARD_CONTENTS(recipe);                                                                      \
        GOOD(CSR(type));                                                                             \
        BAD_SOURCES(recipe, CSR(type));                                                              \
        BAD_POINTER(row_offsets, ROW_OFFSETS, CSR(type));                                            \
        BAD_POINTER(columns, COLUMNS, CSR(type));                                                    \
        BAD_POINTER(values, VALUES, CSR(type));                                                      \
        BAD_LENGTH(capacity, *columns, COLUMNS, CSR(type));                                          \
        BAD(columns, recipe.members, OVERLAP, COLUMNS, CSR(type));                                   \
        BAD(values, recipe.factors, OVERLAP, VALUES, CSR(type));                                     \
        BAD(rows, 0, EMPTY, ROWS, CSR(type));                                                        \
        BAD_LENGTH(rows, *row_offsets, ROW_OFFSETS, CSR(type));                                      \
        BAD(first_row, UINT64_MAX - ROWS + 1, SIZE_OVERFLOW, FIRST_ROW, CSR(type));                  \
        RELEASE();                                                                                   \
        CHECK(CSR(type) == SAEK_STATUS_OK);                                                          \
        capacity = (size_t)row_offsets[ROWS] - 1;                                                    \
        CHECK(CSR(type) == SAEK_STATUS(SAEK_STATUS_CAPACITY, SAEK_ARGUMENT_CAPACITY));               \
        CHECK((size_t)row_offsets[ROWS] == capacity + 1);                                            \
        free(memory);                                                                                \
    }                                                                                                \
                                                                                                     \
    static void bad_sample_grouped_##type(void) {                                                    \
        real samples[ROWS * STRIDE], *out = samples;                                                 \
        struct recipe_##type recipe;                                                                 \
        const saek_planned_firing_##type *firing = &recipe.firing;                                   \
        const saek_correlated_groups_##type *groups = &recipe.groups;                                \
        uint64_t first_row = 7;                                                                      \
        size_t rows = ROWS, cols = FEATURES, stride = STRIDE, bytes, align;                          \
        void *workspace, *memory;                                                                    \
        prepare_##type(&recipe);                                                                     \
        WORKSPACE(saek_sample_grouped_##type##_workspace(&recipe.lengths, &bytes, &align));          \
        GUARD(samples);                                                                              \
        GUARD_CONTENTS(recipe);                                                                      \
        GOOD(DENSE(type));                                                                           \
        BAD_SOURCES(recipe, DENSE(type));                                                            \
        BAD_MATRIX(out, stride, FEATURES, ACTIVATIONS, DENSE(type));                                 \
        BAD(rows, 0, EMPTY, ACTIVATIONS, DENSE(type));                                               \
        BAD(cols, 0, EMPTY, ACTIVATIONS, DENSE(type));                                               \
        BAD(cols, FEATURES - 1, SHAPE, ACTIVATIONS, DENSE(type));                                    \
        BAD(out, recipe.thresholds, OVERLAP, ACTIVATIONS, DENSE(type));                              \
        BAD(first_row, UINT64_MAX - ROWS + 1, SIZE_OVERFLOW, FIRST_ROW, DENSE(type));                \
        RELEASE();                                                                                   \
        free(memory);                                                                                \
    }

BAD_TABLES(f32, float)
BAD_TABLES(f64, double)

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_saek_correlated_groups_lengths_init();
    bad_saek_correlated_groups_f32_init();
    bad_saek_correlated_groups_f64_init();
    bad_count_groups();
    bad_queries_f32();
    bad_queries_f64();
    bad_correlate_groups_f32();
    bad_correlate_groups_f64();
    bad_sample_grouped_csr_f32();
    bad_sample_grouped_csr_f64();
    bad_sample_grouped_f32();
    bad_sample_grouped_f64();
    return finish();
}
