/* The bad-input table of samples in the time of their firings: plans, and the three ways to sample them. */
#include "refuse_variables.h"

enum { FEATURES = 5, LISTED = 2, GUIDES = 3, ROWS = 3, STRIDE = 6, COLS = 2, CAPACITY = ROWS * FEATURES, ROOM = 8 };

/* A plan of five features, two of them in its list, with all that it points to. */
#define RECIPE(type, real)                                                                           \
    struct recipe_##type {                                                                           \
        double hazards[ROOM], listed_probabilities[ROOM];                                            \
        uint32_t guide[ROOM], listed[ROOM];                                                          \
        real probabilities[ROOM], means[ROOM], std_devs[ROOM];                                       \
        saek_firing_plan plan;                                                                       \
        saek_planned_firing_##type firing;                                                           \
    };                                                                                               \
    static void recipe_init_##type(struct recipe_##type *r) {                                        \
        static const double values[FEATURES] = {0.25, 1, 0.5, 0, 0.75};                              \
        size_t j;                                                                                    \
        memset(r, 0, sizeof *r);                                                                     \
        for (j = 0; j < FEATURES; j++) {                                                             \
            r->probabilities[j] = (real)values[j];                                                   \
            r->means[j] = 1;                                                                         \
            r->std_devs[j] = (real)0.5;                                                              \
        }                                                                                            \
        saek_firing_plan_init(&r->plan);                                                             \
        r->plan.features = FEATURES;                                                                 \
        r->plan.cumulative_hazards = r->hazards;                                                     \
        r->plan.guide = r->guide;                                                                    \
        r->plan.guide_len = GUIDES;                                                                  \
        r->plan.frequent = r->listed;                                                                \
        r->plan.frequent_probabilities = r->listed_probabilities;                                    \
        r->plan.frequent_len = LISTED;                                                               \
        saek_planned_firing_##type##_init(&r->firing);                                               \
        r->firing.plan = &r->plan;                                                                   \
        r->firing.means = r->means;                                                                  \
        r->firing.means_len = FEATURES;                                                              \
        r->firing.std_devs = r->std_devs;                                                            \
        r->firing.std_devs_len = FEATURES;                                                           \
    }

RECIPE(f32, float)
RECIPE(f64, double)

BAD_INIT(saek_firing_plan, PLAN, saek_firing_plan_init)
BAD_INIT(saek_planned_firing_f32, FIRING, saek_planned_firing_f32_init)
BAD_INIT(saek_planned_firing_f64, FIRING, saek_planned_firing_f64_init)

/* The faults of probabilities behind a pointer with a length. */
#define BAD_PROBABILITIES(recipe, probabilities, len, call)                                          \
    BAD_POINTER(probabilities, PROBABILITIES, call);                                                 \
    BAD_LENGTH(len, *(probabilities), PROBABILITIES, call);                                          \
    BAD(len, 2, SHAPE, PROBABILITIES, call);                                                         \
    BAD(len, 0, EMPTY, PROBABILITIES, call);                                                         \
    NOT_FINITE((recipe).probabilities[1], PROBABILITIES, call);                                      \
    BAD((recipe).probabilities[1], 1.5, OUT_OF_RANGE, PROBABILITIES, call);                          \
    BAD((recipe).probabilities[1], -0.5, OUT_OF_RANGE, PROBABILITIES, call)

/* The faults of a plan's sizes and pointers. */
#define BAD_PLAN(recipe, call)                                                                       \
    BAD_STRUCT((recipe).plan, PLAN, call);                                                           \
    BAD((recipe).plan.features, 0, EMPTY, FEATURES, call);                                           \
    BAD((recipe).plan.features, SIZE_MAX, OUT_OF_RANGE, FEATURES, call);                             \
    BAD((recipe).plan.features, (size_t)UINT32_MAX + 1, OUT_OF_RANGE, FEATURES, call);               \
    BAD_POINTER((recipe).plan.cumulative_hazards, CUMULATIVE_HAZARDS, call);                         \
    BAD_POINTER((recipe).plan.guide, GUIDE, call);                                                   \
    BAD_LENGTH((recipe).plan.guide_len, *(recipe).guide, GUIDE, call);                               \
    BAD((recipe).plan.guide_len, GUIDES - 1, SHAPE, GUIDE, call);                                    \
    BAD((recipe).plan.guide_len, GUIDES + 1, SHAPE, GUIDE, call);                                    \
    BAD((recipe).plan.guide_len, 0, SHAPE, GUIDE, call);                                             \
    BAD_POINTER((recipe).plan.frequent, FREQUENT, call);                                             \
    BAD_POINTER((recipe).plan.frequent_probabilities, FREQUENT_PROBABILITIES, call);                 \
    BAD_LENGTH((recipe).plan.frequent_len, *(recipe).listed, FREQUENT, call);                        \
    BAD((recipe).plan.frequent_len, FEATURES + 1, SHAPE, FREQUENT, call)

#define LENGTHS(type) saek_firing_plan_lengths_##type(probabilities, len, features, guide_len, frequent_len)
#define PLAN(type) saek_plan_firing_##type(probabilities, len, plan)

#define BAD_PLANNING(type, real)                                                                     \
    static void bad_firing_plan_lengths_##type(void) {                                               \
        struct recipe_##type recipe;                                                                 \
        const real *probabilities = recipe.probabilities;                                            \
        size_t written[4], *guide_len = written, *frequent_len = written + 2;                        \
        size_t len = FEATURES, features = FEATURES;                                                  \
        recipe_init_##type(&recipe);                                                                 \
        GUARD(written);                                                                              \
        GUARD_CONTENTS(recipe);                                                                      \
        GOOD(LENGTHS(type));                                                                         \
        BAD_PROBABILITIES(recipe, probabilities, len, LENGTHS(type));                                \
        BAD(features, 0, EMPTY, FEATURES, LENGTHS(type));                                            \
        BAD(features, SIZE_MAX, OUT_OF_RANGE, FEATURES, LENGTHS(type));                              \
        BAD(features, (size_t)UINT32_MAX + 1, OUT_OF_RANGE, FEATURES, LENGTHS(type));                \
        BAD(features, FEATURES - 1, SHAPE, PROBABILITIES, LENGTHS(type));                            \
        BAD_POINTER(guide_len, GUIDE_LEN, LENGTHS(type));                                            \
        BAD_POINTER(frequent_len, FREQUENT_LEN, LENGTHS(type));                                      \
        BAD(frequent_len, guide_len, OVERLAP, FREQUENT_LEN, LENGTHS(type));                          \
        BAD(guide_len, (size_t *)(void *)recipe.probabilities, OVERLAP, GUIDE_LEN, LENGTHS(type));   \
        RELEASE();                                                                                   \
    }                                                                                                \
    static void bad_plan_firing_##type(void) {                                                       \
        struct recipe_##type recipe;                                                                 \
        const saek_firing_plan *plan = &recipe.plan;                                                 \
        const real *probabilities = recipe.probabilities;                                            \
        size_t len = FEATURES;                                                                       \
        recipe_init_##type(&recipe);                                                                 \
        GUARD_CONTENTS(recipe);                                                                      \
        GOOD(PLAN(type));                                                                            \
        BAD_POINTER(plan, PLAN, PLAN(type));                                                         \
        BAD_PROBABILITIES(recipe, probabilities, len, PLAN(type));                                   \
        BAD_PLAN(recipe, PLAN(type));                                                                \
        BAD(recipe.plan.features, FEATURES - 1, SHAPE, PROBABILITIES, PLAN(type));                   \
        BAD(recipe.plan.frequent_len, LISTED - 1, SHAPE, FREQUENT, PLAN(type));                      \
        BAD(recipe.plan.frequent_len, 0, SHAPE, FREQUENT, PLAN(type));                               \
        BAD(recipe.plan.cumulative_hazards, (double *)(void *)recipe.probabilities, OVERLAP,         \
            CUMULATIVE_HAZARDS, PLAN(type));                                                         \
        BAD(recipe.plan.guide, (uint32_t *)(void *)recipe.hazards, OVERLAP, GUIDE, PLAN(type));      \
        BAD(recipe.plan.frequent, recipe.guide, OVERLAP, FREQUENT, PLAN(type));                      \
        BAD(recipe.plan.frequent_probabilities, recipe.hazards, OVERLAP, FREQUENT_PROBABILITIES,     \
            PLAN(type));                                                                             \
        RELEASE();                                                                                   \
    }

BAD_PLANNING(f32, float)
BAD_PLANNING(f64, double)

/* The faults of a planned firing. */
#define BAD_FIRING(firing, recipe, call)                                                             \
    BAD_POINTER(firing, FIRING, call);                                                               \
    BAD_STRUCT((recipe).firing, FIRING, call);                                                       \
    BAD_POINTER((recipe).firing.plan, PLAN, call);                                                   \
    BAD_PLAN(recipe, call);                                                                          \
    NOT_IN_LINE((recipe).hazards[FEATURES - 1], call);                                               \
    BAD_POINTER((recipe).firing.means, MEANS, call);                                                 \
    BAD_LENGTH((recipe).firing.means_len, *(recipe).means, MEANS, call);                             \
    BAD((recipe).firing.means_len, 2, SHAPE, MEANS, call);                                           \
    BAD((recipe).firing.means_len, 0, EMPTY, MEANS, call);                                           \
    NOT_FINITE((recipe).means[1], MEANS, call);                                                      \
    BAD_POINTER((recipe).firing.std_devs, STD_DEVS, call);                                           \
    BAD_LENGTH((recipe).firing.std_devs_len, *(recipe).std_devs, STD_DEVS, call);                    \
    BAD((recipe).firing.std_devs_len, 2, SHAPE, STD_DEVS, call);                                     \
    BAD((recipe).firing.std_devs_len, 0, EMPTY, STD_DEVS, call);                                     \
    NOT_FINITE((recipe).std_devs[1], STD_DEVS, call);                                                \
    BAD((recipe).std_devs[1], -1, OUT_OF_RANGE, STD_DEVS, call)

/* Lengths of the line on which a walk would not end. */
#define NOT_IN_LINE(length, call)                                                                    \
    BAD(length, NAN, OUT_OF_RANGE, CUMULATIVE_HAZARDS, call);                                        \
    BAD(length, INFINITY, OUT_OF_RANGE, CUMULATIVE_HAZARDS, call);                                   \
    BAD(length, -1, OUT_OF_RANGE, CUMULATIVE_HAZARDS, call);                                         \
    BAD(length, FEATURES + 1, OUT_OF_RANGE, CUMULATIVE_HAZARDS, call)

/* Variables that hold a firing with its plan. */
#define PLANNED(type)                                                                                \
    struct recipe_##type recipe;                                                                     \
    const saek_planned_firing_##type *firing = &recipe.firing;                                       \
    uint64_t first_row = 7;                                                                          \
    recipe_init_##type(&recipe);                                                                     \
    CHECK(saek_plan_firing_##type(recipe.probabilities, FEATURES, &recipe.plan) == SAEK_STATUS_OK);  \
    GUARD_CONTENTS(recipe)

#define SPARSE(type)                                                                                 \
    saek_sample_sparse_csr_##type(firing, 1, 2, first_row, rows, row_offsets, columns, values, capacity)
#define DENSE(type) saek_sample_sparse_##type(firing, 1, 2, first_row, out, rows, cols, stride)
#define PROJECTED(type)                                                                              \
    saek_sample_projected_##type(firing, 1, 2, first_row, dictionary, dictionary_stride, bias, hidden, rows, cols,  \
                                 hidden_stride)

#define BAD_SAMPLES(type, real)                                                                      \
    static void bad_sample_sparse_csr_##type(void) {                                                 \
        int64_t offsets_memory[CAPACITY], *row_offsets = offsets_memory;                             \
        uint32_t columns_memory[2 * CAPACITY], *columns = columns_memory;                            \
        real values_memory[CAPACITY], *values = values_memory;                                       \
        size_t rows = ROWS, capacity = CAPACITY;                                                     \
        PLANNED(type);                                                                               \
        GUARD(offsets_memory);                                                                       \
        GUARD(columns_memory);                                                                       \
        GUARD(values_memory);                                                                        \
        GOOD(SPARSE(type));                                                                          \
        BAD_FIRING(firing, recipe, SPARSE(type));                                                    \
        BAD_POINTER(row_offsets, ROW_OFFSETS, SPARSE(type));                                         \
        BAD_POINTER(columns, COLUMNS, SPARSE(type));                                                 \
        BAD_POINTER(values, VALUES, SPARSE(type));                                                   \
        BAD_LENGTH(capacity, *columns, COLUMNS, SPARSE(type));                                       \
        BAD(columns, (uint32_t *)row_offsets, OVERLAP, COLUMNS, SPARSE(type));                       \
        BAD(values, (void *)row_offsets, OVERLAP, VALUES, SPARSE(type));                             \
        BAD(values, (void *)columns, OVERLAP, VALUES, SPARSE(type));                                 \
        BAD(rows, 0, EMPTY, ROWS, SPARSE(type));                                                     \
        BAD_LENGTH(rows, *row_offsets, ROW_OFFSETS, SPARSE(type));                                   \
        BAD(row_offsets, (int64_t *)(void *)recipe.hazards, OVERLAP, ROW_OFFSETS, SPARSE(type));     \
        BAD(columns, recipe.guide, OVERLAP, COLUMNS, SPARSE(type));                                  \
        BAD(columns, recipe.listed, OVERLAP, COLUMNS, SPARSE(type));                                 \
        BAD(values, recipe.means, OVERLAP, VALUES, SPARSE(type));                                    \
        BAD(first_row, UINT64_MAX - ROWS + 1, SIZE_OVERFLOW, FIRST_ROW, SPARSE(type));               \
        RELEASE();                                                                                   \
    }                                                                                                \
                                                                                                     \
    /* Where the non-zeros do not fit, the offsets are complete and what fits is there. */           \
    static void little_room_##type(void) {                                                           \
        int64_t row_offsets[ROWS + 1], needed;                                                       \
        uint32_t columns[CAPACITY];                                                                  \
        real values[CAPACITY];                                                                       \
        size_t rows = ROWS, capacity = CAPACITY;                                                     \
        PLANNED(type);                                                                               \
        RELEASE();                                                                                   \
        CHECK(SPARSE(type) == SAEK_STATUS_OK && row_offsets[ROWS] > 1);                              \
        needed = row_offsets[ROWS];                                                                  \
        for (capacity = 0; capacity < (size_t)needed; capacity++) {                                  \
            memset(row_offsets, CANARY, sizeof row_offsets);                                         \
            memset(columns, CANARY, sizeof columns);                                                 \
            memset(values, CANARY, sizeof values);                                                   \
            CHECK(SPARSE(type) == SAEK_STATUS(SAEK_STATUS_CAPACITY, SAEK_ARGUMENT_CAPACITY));        \
            CHECK(row_offsets[0] == 0 && row_offsets[ROWS] == needed);                               \
            CHECK(capacity == 0 || columns[capacity - 1] < FEATURES);                                \
            CHECK(columns[capacity] == 0xa5a5a5a5u);                                                 \
            CHECK(*(unsigned char *)&values[capacity] == CANARY);                                    \
        }                                                                                            \
    }                                                                                                \
                                                                                                     \
    /* A plan whose arrays were overwritten gives samples in proper form. */                         \
    static void overwritten_plan_##type(void) {                                                      \
        int64_t row_offsets[ROWS + 1], k;                                                            \
        uint32_t columns[CAPACITY], state = 1;                                                       \
        real values[CAPACITY];                                                                       \
        size_t i, r, rows = ROWS, capacity = CAPACITY, trial;                                        \
        unsigned char *bytes;                                                                        \
        PLANNED(type);                                                                               \
        RELEASE();                                                                                   \
        for (trial = 0; trial < 2000; trial++) {                                                     \
            bytes = (unsigned char *)recipe.hazards;                                                 \
            for (i = 0; i < offsetof(struct recipe_##type, probabilities); i++) {                    \
                state = state * 1664525u + 1013904223u;                                              \
                bytes[i] = (unsigned char)(state >> 24);                                             \
            }                                                                                        \
            for (i = 0; i < ROOM; i++) {                                                             \
                recipe.guide[i] %= trial % 2 == 0 ? UINT32_MAX : FEATURES + 2;                       \
                recipe.listed[i] %= trial % 2 == 0 ? UINT32_MAX : FEATURES + 2;                      \
            }                                                                                        \
            recipe.hazards[FEATURES - 1] = (double)(trial % 50) / 10;                                \
            CHECK(SPARSE(type) == SAEK_STATUS_OK && row_offsets[0] == 0);                            \
            for (r = 0; r < ROWS; r++) {                                                             \
                CHECK(row_offsets[r + 1] >= row_offsets[r]);                                         \
                for (k = row_offsets[r]; k < row_offsets[r + 1]; k++) {                              \
                    CHECK(columns[k] < FEATURES && values[k] > 0);                                   \
                    CHECK(k == row_offsets[r] || columns[k] > columns[k - 1]);                       \
                }                                                                                    \
            }                                                                                        \
        }                                                                                            \
    }                                                                                                \
                                                                                                     \
    static void bad_sample_sparse_##type(void) {                                                     \
        real memory[ROWS * STRIDE], *out = memory;                                                   \
        size_t rows = ROWS, cols = FEATURES, stride = STRIDE;                                        \
        PLANNED(type);                                                                               \
        GUARD(memory);                                                                               \
        GOOD(DENSE(type));                                                                           \
        BAD_FIRING(firing, recipe, DENSE(type));                                                     \
        BAD_MATRIX(out, stride, FEATURES, ACTIVATIONS, DENSE(type));                                 \
        BAD(rows, 0, EMPTY, ACTIVATIONS, DENSE(type));                                               \
        BAD(cols, 0, EMPTY, ACTIVATIONS, DENSE(type));                                               \
        BAD_LENGTH(rows, *out, ACTIVATIONS, DENSE(type));                                            \
        BAD(cols, FEATURES - 1, SHAPE, ACTIVATIONS, DENSE(type));                                    \
        BAD(cols, FEATURES + 1, SHAPE, ACTIVATIONS, DENSE(type));                                    \
        BAD(out, (real *)(void *)recipe.hazards, OVERLAP, ACTIVATIONS, DENSE(type));                 \
        BAD(out, (real *)(void *)recipe.listed_probabilities, OVERLAP, ACTIVATIONS, DENSE(type));    \
        BAD(out, recipe.std_devs, OVERLAP, ACTIVATIONS, DENSE(type));                                \
        BAD(first_row, UINT64_MAX - ROWS + 1, SIZE_OVERFLOW, FIRST_ROW, DENSE(type));                \
        RELEASE();                                                                                   \
    }                                                                                                \
                                                                                                     \
    static void bad_sample_projected_##type(void) {                                                  \
        /* The outputs between the inputs, so that one that is said to be longer touches no other. */ \
        struct {                                                                                     \
            real dictionary[FEATURES * STRIDE], bias[STRIDE], hidden[ROWS * STRIDE];                 \
        } m;                                                                                         \
        real *hidden = m.hidden;                                                                     \
        const real *dictionary = m.dictionary, *bias = m.bias;                                       \
        size_t i, rows = ROWS, cols = COLS, dictionary_stride = STRIDE, hidden_stride = STRIDE;      \
        PLANNED(type);                                                                               \
        for (i = 0; i < FEATURES * STRIDE; i++) {                                                    \
            m.dictionary[i] = (real)(i % 7);                                                         \
        }                                                                                            \
        for (i = 0; i < STRIDE; i++) {                                                               \
            m.bias[i] = 1;                                                                           \
        }                                                                                            \
        memset(m.hidden, CANARY, sizeof m.hidden);                                                   \
        GUARD_CONTENTS(m);                                                                           \
        GOOD(PROJECTED(type));                                                                       \
        BAD_FIRING(firing, recipe, PROJECTED(type));                                                 \
        BAD_MATRIX(dictionary, dictionary_stride, COLS, DICTIONARY, PROJECTED(type));                \
        BAD(bias, OFF_BY_ONE_BYTE(bias), MISALIGNED, BIAS, PROJECTED(type));                         \
        NOT_FINITE(m.bias[COLS - 1], BIAS, PROJECTED(type));                                         \
        BAD_MATRIX(hidden, hidden_stride, COLS, HIDDEN, PROJECTED(type));                            \
        BAD(rows, 0, EMPTY, HIDDEN, PROJECTED(type));                                                \
        BAD_LENGTH(rows, *hidden, HIDDEN, PROJECTED(type));                                          \
        BAD(cols, 0, EMPTY, DICTIONARY, PROJECTED(type));                                            \
        BAD(hidden, m.dictionary, OVERLAP, HIDDEN, PROJECTED(type));                                 \
        BAD(hidden, m.bias, OVERLAP, HIDDEN, PROJECTED(type));                                       \
        BAD(hidden, recipe.means, OVERLAP, HIDDEN, PROJECTED(type));                                 \
        BAD(hidden, (real *)(void *)recipe.hazards, OVERLAP, HIDDEN, PROJECTED(type));               \
        BAD(first_row, UINT64_MAX - ROWS + 1, SIZE_OVERFLOW, FIRST_ROW, PROJECTED(type));            \
        RELEASE();                                                                                   \
    }                                                                                                \
                                                                                                     \
    /* The dictionary is judged where it is used: the status is exact, rows up to the fault are written. */ \
    static void bad_dictionary_##type(void) {                                                        \
        real dictionary[FEATURES * STRIDE], hidden[ROWS * STRIDE], *bias = NULL;                     \
        size_t i, rows = ROWS, cols = COLS, dictionary_stride = STRIDE, hidden_stride = STRIDE;      \
        PLANNED(type);                                                                               \
        RELEASE();                                                                                   \
        for (i = 0; i < FEATURES * STRIDE; i++) {                                                    \
            dictionary[i] = 1;                                                                       \
        }                                                                                            \
        /* Feature 1 always fires, feature 3 never; what lies beyond the columns is not read. */     \
        dictionary[3 * STRIDE] = NAN;                                                                \
        dictionary[1 * STRIDE + COLS] = NAN;                                                         \
        CHECK(PROJECTED(type) == SAEK_STATUS_OK);                                                    \
        dictionary[1 * STRIDE] = NAN;                                                                \
        CHECK(PROJECTED(type) == SAEK_STATUS(SAEK_STATUS_NOT_A_NUMBER, SAEK_ARGUMENT_DICTIONARY));   \
        dictionary[1 * STRIDE] = -INFINITY;                                                          \
        CHECK(PROJECTED(type) == SAEK_STATUS(SAEK_STATUS_INFINITE, SAEK_ARGUMENT_DICTIONARY));       \
        dictionary[1 * STRIDE] = 1;                                                                  \
        recipe.firing.means = NULL;                                                                  \
        recipe.firing.means_len = 0;                                                                 \
        recipe.firing.std_devs = NULL;                                                               \
        recipe.firing.std_devs_len = 0;                                                              \
        CHECK(PROJECTED(type) == SAEK_STATUS_OK && hidden[0] >= 1);                                  \
    }

BAD_SAMPLES(f32, float)
BAD_SAMPLES(f64, double)

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_saek_firing_plan_init();
    bad_saek_planned_firing_f32_init();
    bad_saek_planned_firing_f64_init();
    bad_firing_plan_lengths_f32();
    bad_firing_plan_lengths_f64();
    bad_plan_firing_f32();
    bad_plan_firing_f64();
    bad_sample_sparse_csr_f32();
    bad_sample_sparse_csr_f64();
    RUN(little_room_f32);
    RUN(little_room_f64);
    RUN(overwritten_plan_f32);
    RUN(overwritten_plan_f64);
    bad_sample_sparse_f32();
    bad_sample_sparse_f64();
    bad_sample_projected_f32();
    bad_sample_projected_f64();
    RUN(bad_dictionary_f32);
    RUN(bad_dictionary_f64);
    return finish();
}
