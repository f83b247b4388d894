/* The bad-input table of projections in the cheaper way and of the products with transposed matrices. */
#include "refuse_groups.h"

/* Rows are padded: matrices with `FEATURES` columns to `WIDE` elements, those with `COLS` columns to `STRIDE`. */
enum { ROWS = 3, FEATURES = 8, COLS = 3, WIDE = 10, STRIDE = 6, ROOM = 10 };

/* Non-zeros in each row: a quarter of the batch, which is projected one by one, or more than 28 per cent, for which
 * saek_project makes the batch dense. */
enum { FEW = 2, MANY = 3 };

/* Everything that the calls point to. Lengths are even, so that every array begins where an int64_t may. */
#define MEMORY(type, real)                                                                                       \
    struct memory_##type {                                                                                       \
        int64_t row_offsets[ROWS + 1];                                                                           \
        uint32_t columns[ROOM];                                                                                  \
        real values[ROOM], activations[ROWS * WIDE], dictionary[FEATURES * STRIDE], bias[FEATURES];              \
        real hidden[ROWS * STRIDE], latents[ROWS * WIDE], places[ROOM], gradient[FEATURES * STRIDE];             \
    };                                                                                                           \
    static void memory_init_##type(struct memory_##type *m, size_t per_row) {                                    \
        size_t i;                                                                                                \
        memset(m, 0, sizeof *m);                                                                                 \
        for (i = 0; i < ROOM; i++) {                                                                             \
            /* Features 1, 4 and 7; past the batch's end, what may not be in it. */                              \
            m->columns[i] = i < ROWS * per_row ? (uint32_t)(3 * (i % per_row) + 1) : UINT32_MAX;                 \
            m->values[i] = i < ROWS * per_row ? (real)(i + 1) : (real)NAN;                                       \
        }                                                                                                        \
        for (i = 0; i <= ROWS; i++) {                                                                            \
            m->row_offsets[i] = (int64_t)(i * per_row);                                                          \
        }                                                                                                        \
        /* Padding may not be numbers. */                                                                        \
        for (i = 0; i < ROWS * WIDE; i++) {                                                                      \
            m->activations[i] = i % WIDE < FEATURES ? (real)(i % 7) : (real)NAN;                                 \
        }                                                                                                        \
        for (i = 0; i < FEATURES * STRIDE; i++) {                                                                \
            m->dictionary[i] = i % STRIDE < COLS ? (real)(i % 5) - 2 : (real)NAN;                                \
        }                                                                                                        \
        for (i = 0; i < ROWS * STRIDE; i++) {                                                                    \
            m->hidden[i] = i % STRIDE < COLS ? (real)(i % 3) + 1 : (real)NAN;                                    \
        }                                                                                                        \
        for (i = 0; i < FEATURES; i++) {                                                                         \
            m->bias[i] = 100 + (real)i;                                                                          \
        }                                                                                                        \
    }

MEMORY(f32, float)
MEMORY(f64, double)

/* Elements that lie last in the first ROWS rows or in all of a matrix. */
enum {
    LAST_ACTIVATION = (ROWS - 1) * WIDE + FEATURES - 1,
    LAST_HIDDEN = (ROWS - 1) * STRIDE + COLS - 1,
    LAST_WEIGHT = (FEATURES - 1) * STRIDE + COLS - 1
};

/* So near the end of the address space that no array of ours could begin there, but aligned for all of them. */
#define NO_ROOM ((void *)(UINTPTR_MAX - 7))

#define BAD_ARRAY(pointer, argument, call)                                                                       \
    BAD_POINTER(pointer, argument, call);                                                                        \
    REFUSED_WITH(pointer, NO_ROOM, SIZE_OVERFLOW, argument, call)

#define BAD_MATRIX_ARRAY(pointer, columns_of_it, stride, argument, call)                                         \
    BAD_MATRIX(pointer, columns_of_it, stride, argument, call);                                                  \
    REFUSED_WITH(pointer, NO_ROOM, SIZE_OVERFLOW, argument, call)

/* A bias of `len` numbers, which may be null. */
#define BAD_BIAS(m, len, call)                                                                                   \
    REFUSED_WITH(bias, OFF_BY_ONE_BYTE(bias), MISALIGNED, BIAS, call);                                           \
    REFUSED_WITH(bias, NO_ROOM, SIZE_OVERFLOW, BIAS, call);                                                      \
    NOT_FINITE((m).bias[0], BIAS, call);                                                                         \
    NOT_FINITE((m).bias[(len) - 1], BIAS, call)

/* The first and the last number that must be finite. */
#define NOT_FINITE_IN(array, last, argument, call)                                                               \
    NOT_FINITE(array[0], argument, call);                                                                        \
    NOT_FINITE(array[last], argument, call)

/* An output that begins at the first or at a late element of an input, and an input that begins at the output's. */
#define OVERLAPS(output, late_output, input, late_input, argument, call)                                         \
    do {                                                                                                         \
        void *first_ = (void *)(uintptr_t)input, *late_ = (void *)(uintptr_t)(late_input);                       \
        REFUSED_WITH(output, first_, OVERLAP, argument, call);                                                   \
        REFUSED_WITH(output, late_, OVERLAP, argument, call);                                                    \
        REFUSED_WITH(input, (void *)output, OVERLAP, argument, call);                                            \
        REFUSED_WITH(input, (void *)(late_output), OVERLAP, argument, call);                                     \
    } while (0)

/* The faults of where the non-zeros of a batch are; `per_row` of them in each row. */
#define BAD_PLACES(m, per_row, call)                                                                             \
    BAD_ARRAY(row_offsets, ROW_OFFSETS, call);                                                                   \
    REFUSED_WITH(row_offsets, (void *)((char *)(uintptr_t)row_offsets + 4), MISALIGNED, ROW_OFFSETS, call);      \
    BAD_ARRAY(columns, COLUMNS, call);                                                                           \
    REFUSED_WITH(nnz, SIZE_MAX, SIZE_OVERFLOW, COLUMNS, call);                                                   \
    REFUSED_WITH(nnz, TOO_MANY(*columns), SIZE_OVERFLOW, COLUMNS, call);                                         \
    REFUSED_WITH(nnz, ROWS * (per_row) - 1, SHAPE, COLUMNS, call);                                               \
    REFUSED_WITH(nnz, 0, SHAPE, COLUMNS, call);                                                                  \
    REFUSED_WITH((m).row_offsets[0], 1, UNSORTED, ROW_OFFSETS, call);                                            \
    REFUSED_WITH((m).row_offsets[0], -1, UNSORTED, ROW_OFFSETS, call);                                           \
    REFUSED_WITH((m).row_offsets[0], INT64_MIN, UNSORTED, ROW_OFFSETS, call);                                    \
    REFUSED_WITH((m).row_offsets[1], 2 * (per_row) + 1, UNSORTED, ROW_OFFSETS, call);                            \
    REFUSED_WITH((m).row_offsets[1], -1, UNSORTED, ROW_OFFSETS, call);                                           \
    REFUSED_WITH((m).row_offsets[1], INT64_MAX, UNSORTED, ROW_OFFSETS, call);                                    \
    REFUSED_WITH((m).row_offsets[ROWS], 2 * (per_row) - 1, UNSORTED, ROW_OFFSETS, call);                         \
    REFUSED_WITH((m).row_offsets[ROWS], INT64_MIN, UNSORTED, ROW_OFFSETS, call);                                 \
    REFUSED_WITH((m).row_offsets[ROWS], ROOM + 1, SHAPE, COLUMNS, call);                                         \
    REFUSED_WITH((m).row_offsets[ROWS], INT64_MAX, SHAPE, COLUMNS, call);                                        \
    REFUSED_WITH(features, 4, INDEX_OUT_OF_RANGE, COLUMNS, call);                                                \
    REFUSED_WITH((m).columns[(per_row) - 1], FEATURES, INDEX_OUT_OF_RANGE, COLUMNS, call);                       \
    REFUSED_WITH((m).columns[ROWS * (per_row) - 1], UINT32_MAX, INDEX_OUT_OF_RANGE, COLUMNS, call);              \
    /* Twice the same, and in the wrong order. */                                                                \
    REFUSED_WITH((m).columns[1], 1, UNSORTED, COLUMNS, call);                                                    \
    REFUSED_WITH((m).columns[ROWS * (per_row) - 1], 0, UNSORTED, COLUMNS, call)

/* The faults of a sparse batch; the matrix of `argument` has as many rows and is the first that is checked. */
#define BAD_BATCH(m, per_row, argument, call)                                                                    \
    BAD_PLACES(m, per_row, call);                                                                                \
    BAD_ARRAY(values, VALUES, call);                                                                             \
    if (sizeof *values > sizeof *columns) {                                                                      \
        REFUSED_WITH(nnz, TOO_MANY(*values), SIZE_OVERFLOW, VALUES, call);                                       \
    }                                                                                                            \
    REFUSED_WITH(rows, SIZE_MAX, SIZE_OVERFLOW, ROW_OFFSETS, call);                                              \
    REFUSED_WITH(rows, SIZE_MAX - 1, SIZE_OVERFLOW, ROW_OFFSETS, call);                                          \
    REFUSED_WITH(rows, TOO_MANY(*row_offsets) - 1, SIZE_OVERFLOW, ROW_OFFSETS, call);                            \
    REFUSED_WITH(rows, TOO_MANY(*row_offsets) - 2, SIZE_OVERFLOW, argument, call);                               \
    REFUSED_WITH(rows, 0, EMPTY, argument, call);                                                                \
    NOT_FINITE_IN((m).values, ROWS * (per_row) - 1, VALUES, call)

/* Variables that hold a sparse batch; what follows it is not used. */
#define BATCH(type, real, per_row)                                                                               \
    struct memory_##type m;                                                                                      \
    const int64_t *row_offsets = m.row_offsets;                                                                  \
    const uint32_t *columns = m.columns;                                                                         \
    const real *values = m.values;                                                                               \
    size_t nnz = ROOM, rows = ROWS, features = FEATURES, cols = COLS;                                            \
    memory_init_##type(&m, per_row);                                                                             \
    GUARD_CONTENTS(m)

/* Makes the batch one without non-zeros, which needs neither columns nor values. */
#define EMPTY_BATCH(m)                                                                                           \
    memset((m).row_offsets, 0, sizeof (m).row_offsets);                                                          \
    take_guards();                                                                                               \
    columns = NULL;                                                                                              \
    nnz = 0

#define BAD_PROJECT_QUERY(type, query)                                                                           \
    static void bad_project_##type##_workspace(void) {                                                           \
        size_t rows = ROWS, nnz = ROWS * MANY, features = FEATURES, cols = COLS;                                 \
        BAD_QUERY_POINTERS(query(rows, nnz, features, cols, bytes, align));                                      \
        /* A batch of one row, all of whose elements are not zero. */                                            \
        TOO_LARGE(features, WORKSPACE, query(1, SIZE_MAX, features, cols, bytes, align));                        \
        /* Of more rows: elements that cannot be counted, and elements that can, but not their bytes. */         \
        REFUSED(SIZE_OVERFLOW, WORKSPACE, query(rows, SIZE_MAX, SIZE_MAX / 2, cols, bytes, align));              \
        REFUSED(SIZE_OVERFLOW, WORKSPACE, query(rows, SIZE_MAX, SIZE_MAX / ROWS, cols, bytes, align));           \
        RELEASE();                                                                                               \
    }

BAD_PROJECT_QUERY(f32, saek_project_f32_workspace)
BAD_PROJECT_QUERY(f64, saek_project_f64_workspace)

/* In either way: the batch's and the matrices' faults. */
#define BAD_PROJECTION(m, per_row, call)                                                                         \
    BAD_BATCH(m, per_row, HIDDEN, call);                                                                         \
    BAD_MATRIX_ARRAY(dictionary, COLS, dictionary_stride, DICTIONARY, call);                                     \
    REFUSED_WITH(features, 0, EMPTY, DICTIONARY, call);                                                          \
    REFUSED_WITH(features, SIZE_MAX, SIZE_OVERFLOW, DICTIONARY, call);                                           \
    REFUSED_WITH(cols, 0, EMPTY, DICTIONARY, call);                                                              \
    REFUSED_WITH(cols, STRIDE + 1, STRIDE, DICTIONARY, call);                                                    \
    REFUSED_WITH(cols, SIZE_MAX, STRIDE, DICTIONARY, call);                                                      \
    NOT_FINITE_IN((m).dictionary, LAST_WEIGHT, DICTIONARY, call);                                                \
    BAD_BIAS(m, COLS, call);                                                                                     \
    BAD_MATRIX_ARRAY(hidden, COLS, hidden_stride, HIDDEN, call);                                                 \
    OVERLAPS(hidden, (m).hidden + LAST_HIDDEN, row_offsets, (m).row_offsets + ROWS, HIDDEN, call);               \
    OVERLAPS(hidden, (m).hidden + LAST_HIDDEN, columns, (m).columns + 4, HIDDEN, call);                          \
    OVERLAPS(hidden, (m).hidden + LAST_HIDDEN, values, (m).values + ROOM - 1, HIDDEN, call);                     \
    OVERLAPS(hidden, (m).hidden + LAST_HIDDEN, dictionary, (m).dictionary + LAST_WEIGHT, HIDDEN, call);          \
    OVERLAPS(hidden, (m).hidden + LAST_HIDDEN, bias, (m).bias + COLS - 1, HIDDEN, call)

#define PROJECTION(type, real, per_row)                                                                          \
    BATCH(type, real, per_row);                                                                                  \
    const real *dictionary = m.dictionary, *bias = m.bias;                                                       \
    real *hidden = m.hidden;                                                                                     \
    size_t dictionary_stride = STRIDE, hidden_stride = STRIDE

#define BAD_PROJECT(type, real, call)                                                                            \
    static void bad_project_few_##type(void) {                                                                   \
        void *workspace = NULL;                                                                                  \
        size_t workspace_bytes = 0;                                                                              \
        PROJECTION(type, real, FEW);                                                                             \
        ACCEPTED(call);                                                                                          \
        BAD_PROJECTION(m, FEW, call);                                                                            \
        bias = NULL;                                                                                             \
        ACCEPTED(call);                                                                                          \
        bias = m.bias;                                                                                           \
        EMPTY_BATCH(m);                                                                                          \
        ACCEPTED(call);                                                                                          \
        values = NULL;                                                                                           \
        ACCEPTED(call);                                                                                          \
        REFUSED_WITH(nnz, 1, NULL_POINTER, COLUMNS, call);                                                       \
        NOT_FINITE_IN(m.dictionary, LAST_WEIGHT, DICTIONARY, call);                                              \
        columns = m.columns;                                                                                     \
        REFUSED_WITH(nnz, 1, NULL_POINTER, VALUES, call);                                                        \
        RELEASE();                                                                                               \
    }                                                                                                            \
    static void bad_project_many_##type(void) {                                                                  \
        WORKSPACE(saek_project_##type##_workspace(ROWS, ROWS * MANY, FEATURES, COLS, bytes, align));             \
        PROJECTION(type, real, MANY);                                                                            \
        ACCEPTED(call);                                                                                          \
        BAD_PROJECTION(m, MANY, call);                                                                           \
        BAD_WORKSPACE(call);                                                                                     \
        /* The batch is read before the workspace is looked at. */                                               \
        memcpy(workspace, m.row_offsets, sizeof m.row_offsets);                                                  \
        REFUSED_WITH(row_offsets, workspace, OVERLAP, WORKSPACE, call);                                          \
        memcpy(workspace, m.columns, sizeof m.columns);                                                          \
        REFUSED_WITH(columns, workspace, OVERLAP, WORKSPACE, call);                                              \
        memcpy(workspace, m.values, sizeof m.values);                                                            \
        REFUSED_WITH(values, workspace, OVERLAP, WORKSPACE, call);                                               \
        REFUSED_WITH(dictionary, workspace, OVERLAP, WORKSPACE, call);                                           \
        REFUSED_WITH(bias, workspace, OVERLAP, WORKSPACE, call);                                                 \
        REFUSED_WITH(hidden, workspace, OVERLAP, WORKSPACE, call);                                               \
        bias = NULL;                                                                                             \
        ACCEPTED(call);                                                                                          \
        RELEASE();                                                                                               \
    }

BAD_PROJECT(f32, float,
            saek_project_f32(row_offsets, columns, values, nnz, rows, features, dictionary, dictionary_stride, bias,
                             hidden, cols, hidden_stride, workspace, workspace_bytes))
BAD_PROJECT(f64, double,
            saek_project_f64(row_offsets, columns, values, nnz, rows, features, dictionary, dictionary_stride, bias,
                             hidden, cols, hidden_stride, workspace, workspace_bytes))

/* The faults of what latents are made of. */
#define BAD_ENCODER(m, call)                                                                                     \
    BAD_MATRIX_ARRAY(hidden, COLS, hidden_stride, HIDDEN, call);                                                 \
    BAD_ROWS(rows, HIDDEN, call);                                                                                \
    REFUSED_WITH(cols, 0, EMPTY, HIDDEN, call);                                                                  \
    REFUSED_WITH(cols, STRIDE + 1, STRIDE, HIDDEN, call);                                                        \
    REFUSED_WITH(cols, SIZE_MAX, STRIDE, HIDDEN, call);                                                          \
    NOT_FINITE_IN((m).hidden, LAST_HIDDEN, HIDDEN, call);                                                        \
    BAD_MATRIX_ARRAY(dictionary, COLS, dictionary_stride, DICTIONARY, call);                                     \
    BAD_ROWS(features, DICTIONARY, call);                                                                        \
    NOT_FINITE_IN((m).dictionary, LAST_WEIGHT, DICTIONARY, call);                                                \
    BAD_BIAS(m, FEATURES, call)

#define BAD_LATENTS_DENSE(type, real, call)                                                                      \
    static void bad_latents_dense_##type(void) {                                                                 \
        struct memory_##type m;                                                                                  \
        const real *hidden = m.hidden, *dictionary = m.dictionary, *bias = m.bias;                               \
        real *latents = m.latents;                                                                               \
        size_t rows = ROWS, features = FEATURES, cols = COLS;                                                    \
        size_t hidden_stride = STRIDE, dictionary_stride = STRIDE, latents_stride = WIDE;                        \
        memory_init_##type(&m, MANY);                                                                            \
        GUARD_CONTENTS(m);                                                                                       \
        ACCEPTED(call);                                                                                          \
        BAD_ENCODER(m, call);                                                                                    \
        BAD_MATRIX_ARRAY(latents, FEATURES, latents_stride, LATENTS, call);                                      \
        REFUSED_WITH(features, WIDE + 1, STRIDE, LATENTS, call);                                                 \
        OVERLAPS(latents, m.latents + LAST_ACTIVATION, hidden, m.hidden + LAST_HIDDEN, LATENTS, call);           \
        OVERLAPS(latents, m.latents + LAST_ACTIVATION, dictionary, m.dictionary + LAST_WEIGHT, LATENTS, call);   \
        OVERLAPS(latents, m.latents + LAST_ACTIVATION, bias, m.bias + FEATURES - 1, LATENTS, call);              \
        bias = NULL;                                                                                             \
        ACCEPTED(call);                                                                                          \
        RELEASE();                                                                                               \
    }

BAD_LATENTS_DENSE(f32, float,
                  saek_latents_dense_f32(hidden, rows, cols, hidden_stride, dictionary, features, dictionary_stride,
                                         bias, latents, latents_stride))
BAD_LATENTS_DENSE(f64, double,
                  saek_latents_dense_f64(hidden, rows, cols, hidden_stride, dictionary, features, dictionary_stride,
                                         bias, latents, latents_stride))

#define BAD_LATENTS_AT(type, real, call)                                                                         \
    static void bad_latents_at_##type(void) {                                                                    \
        struct memory_##type m;                                                                                  \
        const real *hidden = m.hidden, *dictionary = m.dictionary, *bias = m.bias;                               \
        const int64_t *row_offsets = m.row_offsets;                                                              \
        const uint32_t *columns = m.columns;                                                                     \
        real *latents = m.places;                                                                                \
        size_t nnz = ROWS * MANY, rows = ROWS, features = FEATURES, cols = COLS;                                 \
        size_t hidden_stride = STRIDE, dictionary_stride = STRIDE;                                               \
        memory_init_##type(&m, MANY);                                                                            \
        GUARD_CONTENTS(m);                                                                                       \
        ACCEPTED(call);                                                                                          \
        BAD_ENCODER(m, call);                                                                                    \
        BAD_PLACES(m, MANY, call);                                                                               \
        /* Here there are as many places as `nnz` says, neither fewer nor more. */                               \
        REFUSED_WITH(nnz, ROOM, SHAPE, LATENTS, call);                                                           \
        REFUSED_WITH(m.row_offsets[ROWS], ROWS * MANY - 1, SHAPE, LATENTS, call);                                \
        BAD_ARRAY(latents, LATENTS, call);                                                                       \
        if (sizeof *latents > sizeof *columns) {                                                                 \
            REFUSED_WITH(nnz, TOO_MANY(*latents), SIZE_OVERFLOW, LATENTS, call);                                 \
        }                                                                                                        \
        OVERLAPS(latents, m.places + 8, hidden, m.hidden + LAST_HIDDEN, LATENTS, call);                          \
        OVERLAPS(latents, m.places + 8, dictionary, m.dictionary + LAST_WEIGHT, LATENTS, call);                  \
        OVERLAPS(latents, m.places + 8, bias, m.bias + FEATURES - 1, LATENTS, call);                             \
        OVERLAPS(latents, m.places + 8, row_offsets, m.row_offsets + ROWS, LATENTS, call);                       \
        OVERLAPS(latents, m.places + 8, columns, m.columns + 8, LATENTS, call);                                  \
        bias = NULL;                                                                                             \
        ACCEPTED(call);                                                                                          \
        EMPTY_BATCH(m);                                                                                          \
        latents = NULL;                                                                                          \
        ACCEPTED_WITHOUT_OUTPUT(call);                                                                           \
        NOT_FINITE_IN(m.hidden, LAST_HIDDEN, HIDDEN, call);                                                      \
        REFUSED_WITH(nnz, 1, NULL_POINTER, COLUMNS, call);                                                       \
        columns = m.columns;                                                                                     \
        REFUSED_WITH(nnz, 1, NULL_POINTER, LATENTS, call);                                                       \
        RELEASE();                                                                                               \
    }

BAD_LATENTS_AT(f32, float,
               saek_latents_at_f32(hidden, rows, cols, hidden_stride, dictionary, features, dictionary_stride, bias,
                                   row_offsets, columns, nnz, latents))
BAD_LATENTS_AT(f64, double,
               saek_latents_at_f64(hidden, rows, cols, hidden_stride, dictionary, features, dictionary_stride, bias,
                                   row_offsets, columns, nnz, latents))

/* The faults of the gradient and of what it is the gradient of, given with respect to the hidden vectors. */
#define BAD_GRADIENTS(m, call)                                                                                   \
    BAD_MATRIX_ARRAY(hidden_gradient, COLS, hidden_gradient_stride, HIDDEN_GRADIENT, call);                      \
    REFUSED_WITH(cols, 0, EMPTY, HIDDEN_GRADIENT, call);                                                         \
    REFUSED_WITH(cols, STRIDE + 1, STRIDE, HIDDEN_GRADIENT, call);                                               \
    REFUSED_WITH(cols, SIZE_MAX, STRIDE, HIDDEN_GRADIENT, call);                                                 \
    NOT_FINITE_IN((m).hidden, LAST_HIDDEN, HIDDEN_GRADIENT, call);                                               \
    BAD_MATRIX_ARRAY(gradient, COLS, gradient_stride, GRADIENT, call);                                           \
    OVERLAPS(gradient, (m).gradient + LAST_WEIGHT, hidden_gradient, (m).hidden + LAST_HIDDEN, GRADIENT, call)

#define BAD_GRADIENT_DENSE(type, real, call)                                                                     \
    static void bad_gradient_dense_##type(void) {                                                                \
        struct memory_##type m;                                                                                  \
        const real *activations = m.activations, *hidden_gradient = m.hidden;                                    \
        real *gradient = m.gradient;                                                                             \
        size_t rows = ROWS, features = FEATURES, cols = COLS;                                                    \
        size_t activations_stride = WIDE, hidden_gradient_stride = STRIDE, gradient_stride = STRIDE;             \
        memory_init_##type(&m, MANY);                                                                            \
        GUARD_CONTENTS(m);                                                                                       \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX_ARRAY(activations, FEATURES, activations_stride, ACTIVATIONS, call);                          \
        BAD_ROWS(rows, ACTIVATIONS, call);                                                                       \
        REFUSED_WITH(features, 0, EMPTY, ACTIVATIONS, call);                                                     \
        REFUSED_WITH(features, WIDE + 1, STRIDE, ACTIVATIONS, call);                                             \
        REFUSED_WITH(features, SIZE_MAX, STRIDE, ACTIVATIONS, call);                                             \
        NOT_FINITE_IN(m.activations, LAST_ACTIVATION, ACTIVATIONS, call);                                        \
        BAD_GRADIENTS(m, call);                                                                                  \
        OVERLAPS(gradient, m.gradient + LAST_WEIGHT, activations, m.activations + LAST_ACTIVATION, GRADIENT,     \
                 call);                                                                                          \
        RELEASE();                                                                                               \
    }

BAD_GRADIENT_DENSE(f32, float,
                   saek_gradient_dense_f32(activations, rows, features, activations_stride, hidden_gradient, cols,
                                           hidden_gradient_stride, gradient, gradient_stride))
BAD_GRADIENT_DENSE(f64, double,
                   saek_gradient_dense_f64(activations, rows, features, activations_stride, hidden_gradient, cols,
                                           hidden_gradient_stride, gradient, gradient_stride))

#define BAD_GRADIENT_CSR(type, real, call)                                                                       \
    static void bad_gradient_csr_##type(void) {                                                                  \
        const real *hidden_gradient;                                                                             \
        real *gradient;                                                                                          \
        size_t hidden_gradient_stride = STRIDE, gradient_stride = STRIDE;                                        \
        BATCH(type, real, MANY);                                                                                 \
        hidden_gradient = m.hidden;                                                                              \
        gradient = m.gradient;                                                                                   \
        ACCEPTED(call);                                                                                          \
        BAD_BATCH(m, MANY, HIDDEN_GRADIENT, call);                                                               \
        BAD_GRADIENTS(m, call);                                                                                  \
        BAD_ROWS(features, GRADIENT, call);                                                                      \
        OVERLAPS(gradient, m.gradient + LAST_WEIGHT, row_offsets, m.row_offsets + ROWS, GRADIENT, call);         \
        OVERLAPS(gradient, m.gradient + LAST_WEIGHT, columns, m.columns + 8, GRADIENT, call);                    \
        OVERLAPS(gradient, m.gradient + LAST_WEIGHT, values, m.values + ROOM - 1, GRADIENT, call);               \
        EMPTY_BATCH(m);                                                                                          \
        values = NULL;                                                                                           \
        ACCEPTED_WITHOUT_OUTPUT(call);                                                                           \
        NOT_FINITE_IN(m.hidden, LAST_HIDDEN, HIDDEN_GRADIENT, call);                                             \
        REFUSED_WITH(nnz, 1, NULL_POINTER, COLUMNS, call);                                                       \
        columns = m.columns;                                                                                     \
        REFUSED_WITH(nnz, 1, NULL_POINTER, VALUES, call);                                                        \
        RELEASE();                                                                                               \
    }

BAD_GRADIENT_CSR(f32, float,
                 saek_gradient_csr_f32(row_offsets, columns, values, nnz, rows, features, hidden_gradient, cols,
                                       hidden_gradient_stride, gradient, gradient_stride))
BAD_GRADIENT_CSR(f64, double,
                 saek_gradient_csr_f64(row_offsets, columns, values, nnz, rows, features, hidden_gradient, cols,
                                       hidden_gradient_stride, gradient, gradient_stride))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_project_f32_workspace();
    bad_project_f64_workspace();
    bad_project_few_f32();
    bad_project_few_f64();
    bad_project_many_f32();
    bad_project_many_f64();
    bad_latents_dense_f32();
    bad_latents_dense_f64();
    bad_latents_at_f32();
    bad_latents_at_f64();
    bad_gradient_dense_f32();
    bad_gradient_dense_f64();
    bad_gradient_csr_f32();
    bad_gradient_csr_f64();
    return finish();
}
