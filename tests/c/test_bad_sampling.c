/* The bad-input table of sampling and projection: firing, independent samples, sparse batches, generators. */
#include "refuse_generator.h"

#include <float.h>

enum { ROWS = 3, STRIDE = 6, COLS = 2, CAPACITY = ROWS * FEATURES };

BAD_INIT(saek_firing_f32, FIRING, saek_firing_f32_init)
BAD_INIT(saek_firing_f64, FIRING, saek_firing_f64_init)

/* The faults of a firing struct for FEATURES features. */
#define BAD_FIRING(firing, recipe, call)                                                             \
    BAD_POINTER(firing, FIRING, call);                                                               \
    BAD_STRUCT((recipe).firing, FIRING, call);                                                       \
    BAD_POINTER((recipe).firing.probabilities, PROBABILITIES, call);                                 \
    BAD_LENGTH((recipe).firing.probabilities_len, *(recipe).probabilities, PROBABILITIES, call);     \
    BAD((recipe).firing.probabilities_len, 2, SHAPE, PROBABILITIES, call);                           \
    BAD((recipe).firing.probabilities_len, 0, EMPTY, PROBABILITIES, call);                           \
    NOT_FINITE((recipe).probabilities[1], PROBABILITIES, call);                                      \
    BAD((recipe).probabilities[1], 1.5, OUT_OF_RANGE, PROBABILITIES, call);                          \
    BAD((recipe).probabilities[1], -0.5, OUT_OF_RANGE, PROBABILITIES, call);                         \
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

#define INDEPENDENT(type) saek_sample_independent_##type(firing, 1, 2, first_row, out, rows, cols, stride)

#define BAD_INDEPENDENT(type, real)                                                                  \
    static void bad_sample_independent_##type(void) {                                                \
        struct recipe_##type recipe;                                                                 \
        real memory[ROWS * STRIDE], *out = memory;                                                   \
        const saek_firing_##type *firing = &recipe.firing;                                           \
        uint64_t first_row = 7;                                                                      \
        size_t rows = ROWS, cols = FEATURES, stride = STRIDE;                                        \
        recipe_init_##type(&recipe);                                                                 \
        GUARD(memory);                                                                               \
        GUARD_CONTENTS(recipe);                                                                      \
        GOOD(INDEPENDENT(type));                                                                     \
        BAD_FIRING(firing, recipe, INDEPENDENT(type));                                               \
        BAD_MATRIX(out, stride, FEATURES, ACTIVATIONS, INDEPENDENT(type));                           \
        BAD(rows, 0, EMPTY, ACTIVATIONS, INDEPENDENT(type));                                         \
        BAD(cols, 0, EMPTY, ACTIVATIONS, INDEPENDENT(type));                                         \
        BAD_LENGTH(rows, *out, ACTIVATIONS, INDEPENDENT(type));                                      \
        BAD(cols, FEATURES - 1, SHAPE, PROBABILITIES, INDEPENDENT(type));                            \
        BAD(out, recipe.probabilities, OVERLAP, ACTIVATIONS, INDEPENDENT(type));                     \
        BAD(out, recipe.means, OVERLAP, ACTIVATIONS, INDEPENDENT(type));                             \
        BAD(out, recipe.std_devs, OVERLAP, ACTIVATIONS, INDEPENDENT(type));                          \
        BAD(first_row, UINT64_MAX - ROWS + 1, SIZE_OVERFLOW, FIRST_ROW, INDEPENDENT(type));          \
        RELEASE();                                                                                   \
    }

BAD_INDEPENDENT(f32, float)
BAD_INDEPENDENT(f64, double)

/* The faults of room for a sparse batch. The three arrays are checked in this order. */
#define BAD_ROOM(row_offsets, columns, values, capacity, call)                                       \
    BAD_POINTER(row_offsets, ROW_OFFSETS, call);                                                     \
    BAD_POINTER(columns, COLUMNS, call);                                                             \
    BAD_POINTER(values, VALUES, call);                                                               \
    BAD_LENGTH(capacity, *(columns), COLUMNS, call);                                                 \
    BAD(columns, (uint32_t *)(row_offsets), OVERLAP, COLUMNS, call);                                 \
    BAD(values, (void *)(row_offsets), OVERLAP, VALUES, call);                                       \
    BAD(values, (void *)(columns), OVERLAP, VALUES, call)

/* Where the non-zeros do not fit, the offsets are complete and what fits is there; everything else is untouched. */
#define TOO_LITTLE_ROOM(row_offsets, columns, values, capacity, call)                                \
    do {                                                                                             \
        int64_t needed = (row_offsets)[ROWS];                                                        \
        size_t kept;                                                                                 \
        for (kept = 0; kept < (size_t)needed; kept++) {                                              \
            memset(row_offsets, CANARY, (ROWS + 1) * sizeof *(row_offsets));                         \
            memset(columns, CANARY, CAPACITY * sizeof *(columns));                                   \
            memset(values, CANARY, CAPACITY * sizeof *(values));                                     \
            (capacity) = kept;                                                                       \
            CHECK((call) == SAEK_STATUS(SAEK_STATUS_CAPACITY, SAEK_ARGUMENT_CAPACITY));              \
            CHECK((row_offsets)[0] == 0 && (row_offsets)[ROWS] == needed);                           \
            CHECK(kept == 0 || (columns)[kept - 1] < FEATURES);                                      \
            CHECK((columns)[kept] == 0xa5a5a5a5u);                                                   \
            CHECK(*(unsigned char *)&(values)[kept] == CANARY);                                      \
        }                                                                                            \
        (capacity) = CAPACITY;                                                                       \
    } while (0)

#define SPARSE(type)                                                                                 \
    saek_sample_independent_csr_##type(firing, features, 1, 2, first_row, rows, row_offsets, columns, values, capacity)

#define BAD_SPARSE(type, real)                                                                       \
    static void bad_sample_independent_csr_##type(void) {                                            \
        struct recipe_##type recipe;                                                                 \
        int64_t offsets_memory[CAPACITY], *row_offsets = offsets_memory;                             \
        uint32_t columns_memory[2 * CAPACITY], *columns = columns_memory;                            \
        real values_memory[CAPACITY], *values = values_memory;                                       \
        const saek_firing_##type *firing = &recipe.firing;                                           \
        uint64_t first_row = 7;                                                                      \
        size_t rows = ROWS, features = FEATURES, capacity = CAPACITY;                                \
        recipe_init_##type(&recipe);                                                                 \
        GUARD(offsets_memory);                                                                       \
        GUARD(columns_memory);                                                                       \
        GUARD(values_memory);                                                                        \
        GUARD_CONTENTS(recipe);                                                                      \
        GOOD(SPARSE(type));                                                                          \
        BAD_FIRING(firing, recipe, SPARSE(type));                                                    \
        BAD_ROOM(row_offsets, columns, values, capacity, SPARSE(type));                              \
        BAD(rows, 0, EMPTY, ROWS, SPARSE(type));                                                     \
        BAD(features, 0, EMPTY, FEATURES, SPARSE(type));                                             \
        BAD(features, SIZE_MAX, OUT_OF_RANGE, FEATURES, SPARSE(type));                               \
        BAD(features, (size_t)UINT32_MAX + 1, OUT_OF_RANGE, FEATURES, SPARSE(type));                 \
        BAD(features, FEATURES + 1, SHAPE, PROBABILITIES, SPARSE(type));                             \
        BAD_LENGTH(rows, *row_offsets, ROW_OFFSETS, SPARSE(type));                                   \
        BAD(row_offsets, (int64_t *)(void *)recipe.probabilities, OVERLAP, ROW_OFFSETS, SPARSE(type)); \
        BAD(columns, (uint32_t *)(void *)recipe.means, OVERLAP, COLUMNS, SPARSE(type));              \
        BAD(values, recipe.std_devs, OVERLAP, VALUES, SPARSE(type));                                 \
        BAD(first_row, UINT64_MAX - ROWS + 1, SIZE_OVERFLOW, FIRST_ROW, SPARSE(type));               \
        RELEASE();                                                                                   \
    }                                                                                                \
    static void little_room_sample_##type(void) {                                                    \
        struct recipe_##type recipe;                                                                 \
        int64_t row_offsets[ROWS + 1];                                                               \
        uint32_t columns[CAPACITY];                                                                  \
        real values[CAPACITY];                                                                       \
        const saek_firing_##type *firing = &recipe.firing;                                           \
        uint64_t first_row = 7;                                                                      \
        size_t rows = ROWS, features = FEATURES, capacity = CAPACITY;                                \
        recipe_init_##type(&recipe);                                                                 \
        CHECK(SPARSE(type) == SAEK_STATUS_OK && row_offsets[ROWS] > 1);                              \
        TOO_LITTLE_ROOM(row_offsets, columns, values, capacity, SPARSE(type));                       \
    }

BAD_SPARSE(f32, float)
BAD_SPARSE(f64, double)

#define FROM_DENSE(type)                                                                             \
    saek_csr_from_dense_##type(activations, rows, cols, stride, row_offsets, columns, values, capacity)

/* The matrix comes last, so that nothing that is written lies behind it where it is said to be huge. */
#define BAD_FROM_DENSE(type, real)                                                                   \
    struct dense_##type {                                                                            \
        int64_t row_offsets[CAPACITY];                                                               \
        uint32_t columns[2 * CAPACITY];                                                              \
        real values[CAPACITY];                                                                       \
        real activations[ROWS * STRIDE];                                                             \
    };                                                                                               \
    static void bad_csr_from_dense_##type(void) {                                                    \
        struct dense_##type m;                                                                       \
        int64_t *row_offsets = m.row_offsets;                                                        \
        uint32_t *columns = m.columns;                                                               \
        real *values = m.values;                                                                     \
        const real *activations = m.activations;                                                     \
        size_t i, rows = ROWS, cols = FEATURES, stride = STRIDE, capacity = CAPACITY;                \
        memset(&m, CANARY, sizeof m);                                                                \
        for (i = 0; i < ROWS * STRIDE; i++) {                                                        \
            m.activations[i] = (real)(i % 3);                                                        \
        }                                                                                            \
        GUARD_CONTENTS(m);                                                                           \
        GOOD(FROM_DENSE(type));                                                                      \
        BAD_MATRIX(activations, stride, FEATURES, ACTIVATIONS, FROM_DENSE(type));                    \
        BAD(rows, 0, EMPTY, ACTIVATIONS, FROM_DENSE(type));                                          \
        BAD(cols, 0, EMPTY, ACTIVATIONS, FROM_DENSE(type));                                          \
        BAD_LENGTH(rows, *activations, ACTIVATIONS, FROM_DENSE(type));                               \
        NOT_FINITE(m.activations[STRIDE + 1], ACTIVATIONS, FROM_DENSE(type));                        \
        BAD_ROOM(row_offsets, columns, values, capacity, FROM_DENSE(type));                          \
        BAD(row_offsets, (int64_t *)(void *)m.activations, OVERLAP, ROW_OFFSETS, FROM_DENSE(type));  \
        BAD(columns, (uint32_t *)(void *)m.activations, OVERLAP, COLUMNS, FROM_DENSE(type));         \
        BAD(values, m.activations, OVERLAP, VALUES, FROM_DENSE(type));                               \
        rows = 1;                                                                                    \
        stride = (size_t)UINT32_MAX + 1;                                                             \
        BAD(cols, stride, OUT_OF_RANGE, COLS, FROM_DENSE(type));                                     \
        RELEASE();                                                                                   \
    }                                                                                                \
    static void little_room_dense_##type(void) {                                                     \
        struct dense_##type m;                                                                       \
        int64_t *row_offsets = m.row_offsets;                                                        \
        uint32_t *columns = m.columns;                                                               \
        real *values = m.values;                                                                     \
        const real *activations = m.activations;                                                     \
        size_t i, rows = ROWS, cols = FEATURES, stride = STRIDE, capacity = CAPACITY;                \
        for (i = 0; i < ROWS * STRIDE; i++) {                                                        \
            m.activations[i] = (real)(i % 3);                                                        \
        }                                                                                            \
        CHECK(FROM_DENSE(type) == SAEK_STATUS_OK && row_offsets[ROWS] > 1);                          \
        TOO_LITTLE_ROOM(row_offsets, columns, values, capacity, FROM_DENSE(type));                   \
    }

BAD_FROM_DENSE(f32, float)
BAD_FROM_DENSE(f64, double)

/* The dictionary, the bias and the output, which both projections have. */
#define BAD_PROJECTION(m, dictionary, dictionary_stride, bias, hidden, hidden_stride, cols, call)    \
    BAD_MATRIX(dictionary, dictionary_stride, COLS, DICTIONARY, call);                               \
    NOT_FINITE((m).dictionary[STRIDE], DICTIONARY, call);                                            \
    BAD(bias, OFF_BY_ONE_BYTE(bias), MISALIGNED, BIAS, call);                                        \
    NOT_FINITE((m).bias[COLS - 1], BIAS, call);                                                      \
    BAD_MATRIX(hidden, hidden_stride, COLS, HIDDEN, call);                                           \
    BAD(cols, 0, EMPTY, DICTIONARY, call);                                                           \
    BAD(hidden, (m).dictionary, OVERLAP, HIDDEN, call);                                              \
    BAD(hidden, (m).bias, OVERLAP, HIDDEN, call)

#define PROJECT_DENSE(type)                                                                          \
    saek_project_dense_##type(activations, rows, features, activations_stride, dictionary, dictionary_stride, bias, \
                              hidden, cols, hidden_stride)

#define PROJECT_CSR(type)                                                                            \
    saek_project_csr_##type(row_offsets, columns, values, nnz, rows, features, dictionary, dictionary_stride, bias, \
                            hidden, cols, hidden_stride)

#define BAD_PROJECT(type, real)                                                                      \
    struct projection_##type {                                                                       \
        real activations[ROWS * STRIDE], dictionary[FEATURES * STRIDE], bias[COLS], hidden[ROWS * STRIDE]; \
        int64_t row_offsets[ROWS + 1];                                                               \
        uint32_t columns[2 * ROWS];                                                                  \
        real values[2 * ROWS];                                                                       \
    };                                                                                               \
    static void projection_init_##type(struct projection_##type *m) {                                \
        size_t i;                                                                                    \
        memset(m, 0, sizeof *m);                                                                     \
        for (i = 0; i < FEATURES * STRIDE; i++) {                                                    \
            m->dictionary[i] = (real)(i % 5) / 4;                                                    \
        }                                                                                            \
        for (i = 0; i < 2 * ROWS; i++) {                                                             \
            /* Features 0 and 3 in every row. */                                                     \
            m->columns[i] = i % 2 == 0 ? 0 : FEATURES - 1;                                           \
            m->values[i] = m->activations[i / 2 * STRIDE + m->columns[i]] = 1 + (real)i;             \
            m->row_offsets[i / 2 + 1] = 2 * (int64_t)(i / 2 + 1);                                    \
        }                                                                                            \
    }                                                                                                \
    static void bad_project_dense_##type(void) {                                                     \
        struct projection_##type m;                                                                  \
        const real *activations = m.activations, *dictionary = m.dictionary, *bias = m.bias;         \
        real *hidden = m.hidden;                                                                     \
        size_t rows = ROWS, features = FEATURES, cols = COLS;                                        \
        size_t activations_stride = STRIDE, dictionary_stride = STRIDE, hidden_stride = STRIDE;      \
        projection_init_##type(&m);                                                                  \
        GUARD_CONTENTS(m);                                                                           \
        GOOD(PROJECT_DENSE(type));                                                                   \
        BAD_MATRIX(activations, activations_stride, FEATURES, ACTIVATIONS, PROJECT_DENSE(type));     \
        NOT_FINITE(m.activations[1], ACTIVATIONS, PROJECT_DENSE(type));                              \
        BAD(rows, 0, EMPTY, ACTIVATIONS, PROJECT_DENSE(type));                                       \
        BAD(features, 0, EMPTY, ACTIVATIONS, PROJECT_DENSE(type));                                   \
        BAD_LENGTH(rows, *activations, ACTIVATIONS, PROJECT_DENSE(type));                            \
        BAD_PROJECTION(m, dictionary, dictionary_stride, bias, hidden, hidden_stride, cols, PROJECT_DENSE(type)); \
        BAD(hidden, m.activations, OVERLAP, HIDDEN, PROJECT_DENSE(type));                            \
        RELEASE();                                                                                   \
    }                                                                                                \
    static void bad_project_csr_##type(void) {                                                       \
        struct projection_##type m;                                                                  \
        const int64_t *row_offsets = m.row_offsets;                                                  \
        const uint32_t *columns = m.columns;                                                         \
        const real *values = m.values, *dictionary = m.dictionary, *bias = m.bias;                   \
        real *hidden = m.hidden;                                                                     \
        size_t rows = ROWS, features = FEATURES, cols = COLS, nnz = 2 * ROWS;                        \
        size_t dictionary_stride = STRIDE, hidden_stride = STRIDE;                                   \
        projection_init_##type(&m);                                                                  \
        GUARD_CONTENTS(m);                                                                           \
        GOOD(PROJECT_CSR(type));                                                                     \
        BAD_POINTER(row_offsets, ROW_OFFSETS, PROJECT_CSR(type));                                    \
        BAD_POINTER(columns, COLUMNS, PROJECT_CSR(type));                                            \
        BAD_POINTER(values, VALUES, PROJECT_CSR(type));                                              \
        BAD_LENGTH(nnz, *columns, COLUMNS, PROJECT_CSR(type));                                       \
        BAD_LENGTH(rows, *row_offsets, ROW_OFFSETS, PROJECT_CSR(type));                              \
        BAD(rows, 0, EMPTY, HIDDEN, PROJECT_CSR(type));                                              \
        BAD(features, 0, EMPTY, DICTIONARY, PROJECT_CSR(type));                                      \
        BAD_LENGTH(features, *dictionary, DICTIONARY, PROJECT_CSR(type));                            \
        BAD(m.row_offsets[0], 1, UNSORTED, ROW_OFFSETS, PROJECT_CSR(type));                          \
        BAD(m.row_offsets[0], -1, UNSORTED, ROW_OFFSETS, PROJECT_CSR(type));                         \
        BAD(m.row_offsets[1], 5, UNSORTED, ROW_OFFSETS, PROJECT_CSR(type));                          \
        BAD(m.row_offsets[ROWS], INT64_MAX, SHAPE, COLUMNS, PROJECT_CSR(type));                      \
        BAD(m.row_offsets[ROWS], INT64_MIN, UNSORTED, ROW_OFFSETS, PROJECT_CSR(type));               \
        BAD(nnz, 2 * ROWS - 1, SHAPE, COLUMNS, PROJECT_CSR(type));                                   \
        BAD(m.columns[1], FEATURES, INDEX_OUT_OF_RANGE, COLUMNS, PROJECT_CSR(type));                 \
        BAD(m.columns[3], UINT32_MAX, INDEX_OUT_OF_RANGE, COLUMNS, PROJECT_CSR(type));               \
        BAD(m.columns[1], 0, UNSORTED, COLUMNS, PROJECT_CSR(type));                                  \
        NOT_FINITE(m.values[2 * ROWS - 1], VALUES, PROJECT_CSR(type));                               \
        BAD_PROJECTION(m, dictionary, dictionary_stride, bias, hidden, hidden_stride, cols, PROJECT_CSR(type)); \
        BAD(hidden, (real *)(void *)m.row_offsets, OVERLAP, HIDDEN, PROJECT_CSR(type));              \
        BAD(hidden, m.values, OVERLAP, HIDDEN, PROJECT_CSR(type));                                   \
        RELEASE();                                                                                   \
    }

BAD_PROJECT(f32, float)
BAD_PROJECT(f64, double)

#define QUERY(type) saek_generator_sample_##type##_workspace(generator, bytes, align)
#define GENERATE(type) saek_generator_sample_##type(generator, first_row, out, rows, stride, workspace, workspace_bytes)

#define MINIMUM_f32 FLT_MIN
#define MINIMUM_f64 DBL_MIN

#define BAD_GENERATOR(type, real)                                                                    \
    static void bad_generator_sample_##type(void) {                                                  \
        struct recipe_##type recipe;                                                                 \
        const saek_generator_##type *generator = &recipe.generator;                                  \
        real memory[ROWS * STRIDE], *out = memory;                                                   \
        size_t rows = ROWS, stride = STRIDE, workspace_bytes, workspace_align;                       \
        size_t *bytes = &workspace_bytes, *align = &workspace_align;                                 \
        uint64_t first_row = 7;                                                                      \
        void *workspace, *owned;                                                                     \
        recipe_init_##type(&recipe);                                                                 \
        GUARD(workspace_bytes);                                                                      \
        GUARD(workspace_align);                                                                      \
        GUARD_CONTENTS(recipe);                                                                      \
        GOOD(QUERY(type));                                                                           \
        BAD_GENERATOR_MEMORY(generator, recipe, QUERY(type));                                        \
        BAD_QUERY(bytes, align, QUERY(type));                                                        \
        CHECK(QUERY(type) == SAEK_STATUS_OK);                                                        \
        workspace = new_workspace(workspace_bytes, workspace_align, &owned);                         \
        RELEASE();                                                                                   \
        GUARD(memory);                                                                               \
        GUARD_CONTENTS(recipe);                                                                      \
        GOOD(GENERATE(type));                                                                        \
        BAD_GENERATOR_MEMORY(generator, recipe, GENERATE(type));                                     \
        BAD_GENERATOR_VALUES(recipe, GENERATE(type));                                                \
        BAD_SCALING(recipe, GENERATE(type));                                                         \
        BAD_PROBABILITIES(recipe, GENERATE(type));                                                   \
        BAD_MATRIX(out, stride, FEATURES, ACTIVATIONS, GENERATE(type));                              \
        BAD(rows, 0, EMPTY, ACTIVATIONS, GENERATE(type));                                            \
        BAD_LENGTH(rows, *out, ACTIVATIONS, GENERATE(type));                                         \
        BAD(first_row, UINT64_MAX - ROWS + 1, SIZE_OVERFLOW, FIRST_ROW, GENERATE(type));             \
        BAD_WORKSPACE(workspace, workspace_bytes, GENERATE(type));                                   \
        BAD(out, recipe.probabilities, OVERLAP, ACTIVATIONS, GENERATE(type));                        \
        BAD(out, recipe.factor, OVERLAP, ACTIVATIONS, GENERATE(type));                               \
        BAD(out, recipe.thresholds, OVERLAP, ACTIVATIONS, GENERATE(type));                           \
        BAD(out, (real *)(void *)recipe.list, OVERLAP, ACTIVATIONS, GENERATE(type));                 \
        BAD(out, (real *)workspace, OVERLAP, WORKSPACE, GENERATE(type));                             \
        RELEASE();                                                                                   \
        free(owned);                                                                                 \
    }                                                                                                \
                                                                                                     \
    /* Modifiers are read while samples and workspace are written, so they must share memory with neither. */ \
    static void bad_generator_overlap_##type(void) {                                                 \
        struct recipe_##type recipe;                                                                 \
        union {                                                                                      \
            saek_modifier_##type modifier;                                                           \
            real samples[ROWS * STRIDE];                                                             \
        } shared;                                                                                    \
        const saek_generator_##type *generator = &recipe.generator;                                  \
        real memory[ROWS * STRIDE], *out = memory;                                                   \
        size_t rows = ROWS, stride = STRIDE, workspace_bytes, workspace_align;                       \
        size_t *bytes = &workspace_bytes, *align = &workspace_align;                                 \
        uint64_t first_row = 7;                                                                      \
        void *workspace, *owned;                                                                     \
        recipe_init_##type(&recipe);                                                                 \
        CHECK(QUERY(type) == SAEK_STATUS_OK);                                                        \
        workspace = new_workspace(workspace_bytes, workspace_align, &owned);                         \
        memset(memory, 0, sizeof memory);                                                            \
        memcpy(memory, recipe.parents, sizeof recipe.parents);                                       \
        memcpy(workspace, recipe.parents, sizeof recipe.parents);                                    \
        guard_contents(memory, sizeof memory);                                                       \
        guard_contents(workspace, sizeof recipe.parents);                                            \
        BAD(recipe.hierarchy.parents, (uint32_t *)(void *)memory, OVERLAP, PARENTS, GENERATE(type)); \
        BAD(recipe.hierarchy.features, (uint32_t *)(void *)memory, OVERLAP, FEATURES, GENERATE(type)); \
        BAD(recipe.hierarchy.exclusive, (uint8_t *)(void *)memory, OVERLAP, EXCLUSIVE, GENERATE(type)); \
        BAD(recipe.planned.parents, (uint32_t *)(void *)memory, OVERLAP, PLAN, GENERATE(type));      \
        BAD(recipe.planned.parents, (uint32_t *)workspace, OVERLAP, PLAN, GENERATE(type));           \
        BAD(recipe.hierarchy.parents, (uint32_t *)workspace, OVERLAP, PARENTS, GENERATE(type));      \
        RELEASE();                                                                                   \
        memcpy(workspace, &recipe.callback, sizeof recipe.callback);                                 \
        guard_contents(workspace, sizeof recipe.callback);                                           \
        BAD(recipe.list[0], (const saek_modifier_##type *)workspace, OVERLAP, MODIFIERS, GENERATE(type)); \
        RELEASE();                                                                                   \
        memset(&shared, 0, sizeof shared);                                                           \
        shared.modifier = recipe.hierarchy;                                                          \
        recipe.list[1] = &shared.modifier;                                                           \
        GUARD_CONTENTS(shared);                                                                      \
        BAD(out, shared.samples, OVERLAP, MODIFIERS, GENERATE(type));                                \
        RELEASE();                                                                                   \
        free(owned);                                                                                 \
    }                                                                                                \
                                                                                                     \
    /* Callbacks run on the samples themselves: the status is exact, the samples are what was left. */ \
    static void bad_modifier_callback_##type(void) {                                                 \
        struct recipe_##type recipe;                                                                 \
        const saek_generator_##type *generator = &recipe.generator;                                  \
        real out[ROWS * STRIDE];                                                                     \
        size_t rows = ROWS, stride = STRIDE, workspace_bytes, workspace_align;                       \
        size_t *bytes = &workspace_bytes, *align = &workspace_align;                                 \
        uint64_t first_row = 7;                                                                      \
        void *workspace, *owned;                                                                     \
        recipe_init_##type(&recipe);                                                                 \
        CHECK(QUERY(type) == SAEK_STATUS_OK);                                                        \
        workspace = new_workspace(workspace_bytes, workspace_align, &owned);                         \
        /* A silent parent: the hierarchy behind the callback would hide what that leaves. */        \
        recipe.thresholds[0] = (real)INFINITY;                                                       \
        recipe.behaviour.spoil = 1;                                                                  \
        recipe.behaviour.value = 1;                                                                  \
        CHECK(GENERATE(type) == SAEK_STATUS_OK && out[1] == 0);                                      \
        recipe.behaviour.value = NAN;                                                                \
        CHECK(GENERATE(type) == SAEK_STATUS(SAEK_STATUS_NOT_A_NUMBER, SAEK_ARGUMENT_MODIFIERS));     \
        CHECK(out[1] != out[1]);                                                                     \
        recipe.behaviour.value = INFINITY;                                                           \
        CHECK(GENERATE(type) == SAEK_STATUS(SAEK_STATUS_INFINITE, SAEK_ARGUMENT_MODIFIERS));         \
        recipe.behaviour.value = 3;                                                                  \
        recipe.behaviour.answer = 1;                                                                 \
        CHECK(GENERATE(type) == SAEK_STATUS(SAEK_STATUS_CANCELLED, SAEK_ARGUMENT_MODIFIERS));        \
        CHECK(out[1] == 3);                                                                          \
        /* What hierarchies find out only when they are applied is told as it is. */                 \
        recipe.behaviour.value = recipe.behaviour.answer = 0;                                        \
        recipe.thresholds[0] = recipe.thresholds[1] = recipe.thresholds[2] = (real)-INFINITY;        \
        plan_recipe(recipe.parents, recipe.features, recipe.exclusive, 1, recipe.plan);              \
        recipe.means[0] = (real)MINIMUM_##type;                                                      \
        recipe.std_devs[0] = 100;                                                                    \
        recipe.exclusive[0] = 0;                                                                     \
        recipe.means[1] = recipe.means[2] = 100;                                                     \
        CHECK(GENERATE(type) == SAEK_STATUS(SAEK_STATUS_DIVERGED, SAEK_ARGUMENT_ACTIVATIONS));       \
        free(owned);                                                                                 \
    }

BAD_GENERATOR(f32, float)
BAD_GENERATOR(f64, double)

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_saek_firing_f32_init();
    bad_saek_firing_f64_init();
    bad_sample_independent_f32();
    bad_sample_independent_f64();
    bad_sample_independent_csr_f32();
    bad_sample_independent_csr_f64();
    RUN(little_room_sample_f32);
    RUN(little_room_sample_f64);
    bad_csr_from_dense_f32();
    bad_csr_from_dense_f64();
    RUN(little_room_dense_f32);
    RUN(little_room_dense_f64);
    bad_project_dense_f32();
    bad_project_dense_f64();
    bad_project_csr_f32();
    bad_project_csr_f64();
    bad_generator_sample_f32();
    bad_generator_sample_f64();
    bad_generator_overlap_f32();
    bad_generator_overlap_f64();
    RUN(bad_modifier_callback_f32);
    RUN(bad_modifier_callback_f64);
    return finish();
}
