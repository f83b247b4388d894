/* The bad-input table of the functions that make feature dictionaries. */
#include "refuse_groups.h"

#define BAD_NORMALISE_ROWS(type, real, call)                                                                     \
    static void bad_normalise_rows_##type(void) {                                                                \
        real values[9] = {3, 4, 0, 9, 0, 5, 12, 9, 9}, *matrix = values;                                         \
        size_t rows = 2, cols = 3, stride = 4;                                                                   \
        GUARD_CONTENTS(values);                                                                                  \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(matrix, cols, stride, MATRIX, call);                                                          \
        BAD_ROWS(rows, MATRIX, call);                                                                            \
        REFUSED_WITH(cols, 0, EMPTY, MATRIX, call);                                                              \
        REFUSED_WITH(cols, stride + 1, STRIDE, MATRIX, call);                                                    \
        NOT_FINITE(values[0], MATRIX, call);                                                                     \
        NOT_FINITE(values[6], MATRIX, call);                                                                     \
        RELEASE();                                                                                               \
    }

BAD_NORMALISE_ROWS(f32, float, saek_normalise_rows_f32(matrix, rows, cols, stride))
BAD_NORMALISE_ROWS(f64, double, saek_normalise_rows_f64(matrix, rows, cols, stride))

#define BAD_RANDOM_UNIT_ROWS(type, real, call)                                                                   \
    static void bad_random_unit_rows_##type(void) {                                                              \
        real values[9], *dictionary = values;                                                                    \
        size_t rows = 2, cols = 3, stride = 4;                                                                   \
        GUARD(values);                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(dictionary, cols, stride, DICTIONARY, call);                                                  \
        BAD_ROWS(rows, DICTIONARY, call);                                                                        \
        REFUSED_WITH(cols, 0, EMPTY, DICTIONARY, call);                                                          \
        REFUSED_WITH(cols, stride + 1, STRIDE, DICTIONARY, call);                                                \
        RELEASE();                                                                                               \
    }

BAD_RANDOM_UNIT_ROWS(f32, float, saek_random_unit_rows_f32(1, 2, 3, dictionary, rows, cols, stride))
BAD_RANDOM_UNIT_ROWS(f64, double, saek_random_unit_rows_f64(1, 2, 3, dictionary, rows, cols, stride))

BAD_PARAMS_INIT(orthogonalise)

#define BAD_ORTHOGONALISE_WORKSPACE(function, real)                                                              \
    BAD_QUERY_2(function, DICTIONARY)                                                                            \
    static void bad_size_##function(void) {                                                                      \
        size_t rows = 2, cols = 3, bytes = 7, align = 7;                                                         \
        GUARD_CONTENTS(bytes);                                                                                   \
        GUARD_CONTENTS(align);                                                                                   \
        REFUSED_WITH(rows, 0, EMPTY, DICTIONARY, saek_##function(rows, cols, &bytes, &align));                   \
        REFUSED_WITH(cols, 0, EMPTY, DICTIONARY, saek_##function(rows, cols, &bytes, &align));                   \
        /* The dictionary would fit into the address space, but not two of them. */                              \
        REFUSED_WITH(rows, SIZE_MAX / 8 / sizeof(real), SIZE_OVERFLOW, WORKSPACE,                                \
                     saek_##function(rows, cols, &bytes, &align));                                               \
        RELEASE();                                                                                               \
    }

BAD_ORTHOGONALISE_WORKSPACE(orthogonalise_f32_workspace, float)
BAD_ORTHOGONALISE_WORKSPACE(orthogonalise_f64_workspace, double)

#define BAD_ORTHOGONALISE(type, real, call)                                                                      \
    static void bad_orthogonalise_##type(void) {                                                                 \
        real values[9] = {3, 4, 0, 9, 0, 5, 12, 9, 9}, *dictionary = values;                                     \
        size_t rows = 2, cols = 3, stride = 4;                                                                   \
        saek_orthogonalise_params params, *p = &params;                                                          \
        WORKSPACE(saek_orthogonalise_##type##_workspace(rows, cols, bytes, align));                              \
        saek_orthogonalise_params_init(&params);                                                                 \
        params.steps = 2;                                                                                        \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD_CONTENTS(params);                                                                                  \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(dictionary, cols, stride, DICTIONARY, call);                                                  \
        BAD_ROWS(rows, DICTIONARY, call);                                                                        \
        REFUSED_WITH(cols, 0, EMPTY, DICTIONARY, call);                                                          \
        REFUSED_WITH(cols, stride + 1, STRIDE, DICTIONARY, call);                                                \
        NOT_FINITE(values[0], DICTIONARY, call);                                                                 \
        NOT_FINITE(values[6], DICTIONARY, call);                                                                 \
        BAD_PARAMS_POINTER(params, call);                                                                        \
        NOT_FINITE(params.target_cosine, TARGET_COSINE, call);                                                   \
        OUTSIDE(params.target_cosine, -1, 1, TARGET_COSINE, call);                                               \
        NOT_FINITE(params.learning_rate, LEARNING_RATE, call);                                                   \
        REFUSED_WITH(params.learning_rate, -1e-9, OUT_OF_RANGE, LEARNING_RATE, call);                            \
        BAD_WORKSPACE(call);                                                                                     \
        REFUSED_WITH(dictionary, (real *)workspace, OVERLAP, WORKSPACE, call);                                   \
        RELEASE();                                                                                               \
    }

BAD_ORTHOGONALISE(f32, float,
                  saek_orthogonalise_f32(dictionary, rows, cols, stride, p, NULL, NULL, workspace, workspace_bytes))
BAD_ORTHOGONALISE(f64, double,
                  saek_orthogonalise_f64(dictionary, rows, cols, stride, p, NULL, NULL, workspace, workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_normalise_rows_f32();
    bad_normalise_rows_f64();
    bad_random_unit_rows_f32();
    bad_random_unit_rows_f64();
    bad_orthogonalise_params_init();
    bad_orthogonalise_f32_workspace();
    bad_orthogonalise_f64_workspace();
    bad_size_orthogonalise_f32_workspace();
    bad_size_orthogonalise_f64_workspace();
    bad_orthogonalise_f32();
    bad_orthogonalise_f64();
    return finish();
}
