/* Products of activations and a dictionary, against loops: projections, latents, gradients. */
#include "known.h"

#include <string.h>

enum { ROWS = 3, FEATURES = 6, COLS = 5, STRIDE = 7, MOST = ROWS * FEATURES };

/* What lies between the columns and the stride, and must stay. */
#define PADDING 77

static double number(size_t i) {
    return (double)((i * 2654435761u) % 1009) / 1009 - 0.5;
}

/* Sums of at most 7 products of numbers up to 1: their rounding is far below the tolerances of both precisions. */
#define PRODUCTS(type, real, tolerance)                                                                          \
    /* One activation in `every`, at first 1 and then less. */                                                   \
    static size_t batch_##type(size_t every, int64_t *offsets, uint32_t *columns, real *values, real *dense) {   \
        size_t r, j, nnz = 0;                                                                                    \
        memset(dense, 0, MOST * sizeof *dense);                                                                  \
        for (r = 0; r < ROWS; r++) {                                                                             \
            offsets[r] = (int64_t)nnz;                                                                           \
            for (j = 0; j < FEATURES; j++) {                                                                     \
                if ((r * FEATURES + j) % every == 0) {                                                           \
                    columns[nnz] = (uint32_t)j;                                                                  \
                    dense[r * FEATURES + j] = values[nnz] = (real)1 / (real)(1 + nnz);                           \
                    nnz++;                                                                                       \
                }                                                                                                \
            }                                                                                                    \
        }                                                                                                        \
        offsets[ROWS] = (int64_t)nnz;                                                                            \
        return nnz;                                                                                              \
    }                                                                                                            \
                                                                                                                 \
    static void fill_##type(real *matrix, size_t rows, size_t seed) {                                            \
        size_t i;                                                                                                \
        for (i = 0; i < rows * STRIDE; i++) {                                                                    \
            matrix[i] = i % STRIDE < COLS ? (real)number(i + seed) : (real)PADDING;                              \
        }                                                                                                        \
    }                                                                                                            \
                                                                                                                 \
    static void projections_##type(void) {                                                                       \
        static const size_t densities[] = {7, 1};                                                                \
        int64_t offsets[ROWS + 1];                                                                               \
        uint32_t columns[MOST];                                                                                  \
        real values[MOST], dense[MOST], dictionary[FEATURES * STRIDE], bias[COLS];                               \
        real by_rows[ROWS * STRIDE], cheaper[ROWS * STRIDE];                                                     \
        size_t k, r, j, c, nnz;                                                                                  \
        fill_##type(dictionary, FEATURES, 1);                                                                    \
        for (c = 0; c < COLS; c++) {                                                                             \
            bias[c] = (real)number(c + 500);                                                                     \
        }                                                                                                        \
        /* One activation in seven, which goes as it is, and all of them, which goes as a dense product. */      \
        for (k = 0; k < 2; k++) {                                                                                \
            const real *with = k == 0 ? bias : NULL;                                                             \
            size_t bytes, align;                                                                                 \
            void *workspace;                                                                                     \
            nnz = batch_##type(densities[k], offsets, columns, values, dense);                                   \
            fill_##type(by_rows, ROWS, 9);                                                                       \
            fill_##type(cheaper, ROWS, 8);                                                                       \
            OK(saek_project_csr_##type(offsets, columns, values, nnz, ROWS, FEATURES, dictionary, STRIDE, with,  \
                                       by_rows, COLS, STRIDE));                                                  \
            OK(saek_project_##type##_workspace(ROWS, nnz, FEATURES, COLS, &bytes, &align));                      \
            CHECK((bytes == 0) == (k == 0));                                                                     \
            workspace = bytes == 0 ? NULL : new_workspace(bytes, align);                                         \
            OK(saek_project_##type(offsets, columns, values, nnz, ROWS, FEATURES, dictionary, STRIDE, with,      \
                                   cheaper, COLS, STRIDE, workspace, bytes));                                    \
            CHECK(k == 1 || memcmp(by_rows, cheaper, sizeof cheaper) == 0);                                      \
            for (r = 0; r < ROWS; r++) {                                                                         \
                for (c = 0; c < STRIDE; c++) {                                                                   \
                    double sum = c < COLS ? (with == NULL ? 0 : (double)with[c]) : PADDING;                      \
                    for (j = 0; c < COLS && j < FEATURES; j++) {                                                 \
                        sum += (double)dense[r * FEATURES + j] * (double)dictionary[j * STRIDE + c];             \
                    }                                                                                            \
                    NEAR(by_rows[r * STRIDE + c], sum, tolerance);                                               \
                    NEAR(cheaper[r * STRIDE + c], sum, tolerance);                                               \
                }                                                                                                \
            }                                                                                                    \
            if (workspace != NULL) {                                                                             \
                free_workspace();                                                                                \
            }                                                                                                    \
        }                                                                                                        \
    }                                                                                                            \
                                                                                                                 \
    static void latents_##type(void) {                                                                           \
        int64_t offsets[ROWS + 1];                                                                               \
        uint32_t columns[MOST];                                                                                  \
        real values[MOST], dense[MOST], hidden[ROWS * STRIDE], dictionary[FEATURES * STRIDE], bias[FEATURES];    \
        real all[ROWS * STRIDE], at[MOST];                                                                       \
        size_t r, j, c, k = 0, nnz = batch_##type(2, offsets, columns, values, dense);                           \
        fill_##type(hidden, ROWS, 3);                                                                            \
        fill_##type(dictionary, FEATURES, 4);                                                                    \
        fill_##type(all, ROWS, 5);                                                                               \
        for (j = 0; j < FEATURES; j++) {                                                                         \
            bias[j] = (real)number(j + 600);                                                                     \
        }                                                                                                        \
        OK(saek_latents_dense_##type(hidden, ROWS, COLS, STRIDE, dictionary, FEATURES, STRIDE, bias, all, STRIDE));\
        OK(saek_latents_at_##type(hidden, ROWS, COLS, STRIDE, dictionary, FEATURES, STRIDE, bias, offsets, columns,\
                                  nnz, at));                                                                     \
        for (r = 0; r < ROWS; r++) {                                                                             \
            for (j = 0; j < FEATURES; j++) {                                                                     \
                double sum = (double)bias[j];                                                                    \
                for (c = 0; c < COLS; c++) {                                                                     \
                    sum += (double)hidden[r * STRIDE + c] * (double)dictionary[j * STRIDE + c];                  \
                }                                                                                                \
                NEAR(all[r * STRIDE + j], sum, tolerance);                                                       \
                if (dense[r * FEATURES + j] > 0) {                                                               \
                    NEAR(at[k], sum, tolerance);                                                                 \
                    k++;                                                                                         \
                }                                                                                                \
            }                                                                                                    \
            NEAR(all[r * STRIDE + FEATURES], PADDING, 0);                                                        \
        }                                                                                                        \
        CHECK(k == nnz);                                                                                         \
    }                                                                                                            \
                                                                                                                 \
    static void gradients_##type(void) {                                                                         \
        int64_t offsets[ROWS + 1];                                                                               \
        uint32_t columns[MOST];                                                                                  \
        real values[MOST], dense[MOST], error[ROWS * STRIDE], before[FEATURES * STRIDE];                         \
        real of_csr[FEATURES * STRIDE], of_dense[FEATURES * STRIDE];                                             \
        size_t r, j, c, nnz = batch_##type(4, offsets, columns, values, dense);                                  \
        fill_##type(error, ROWS, 6);                                                                             \
        fill_##type(before, FEATURES, 7);                                                                        \
        memcpy(of_csr, before, sizeof before);                                                                   \
        memcpy(of_dense, before, sizeof before);                                                                 \
        OK(saek_gradient_csr_##type(offsets, columns, values, nnz, ROWS, FEATURES, error, COLS, STRIDE, of_csr,  \
                                    STRIDE));                                                                    \
        OK(saek_gradient_dense_##type(dense, ROWS, FEATURES, FEATURES, error, COLS, STRIDE, of_dense, STRIDE));  \
        for (j = 0; j < FEATURES; j++) {                                                                         \
            for (c = 0; c < STRIDE; c++) {                                                                       \
                double sum = (double)before[j * STRIDE + c];                                                     \
                for (r = 0; c < COLS && r < ROWS; r++) {                                                         \
                    sum += (double)dense[r * FEATURES + j] * (double)error[r * STRIDE + c];                      \
                }                                                                                                \
                NEAR(of_csr[j * STRIDE + c], sum, tolerance);                                                    \
                NEAR(of_dense[j * STRIDE + c], sum, tolerance);                                                  \
            }                                                                                                    \
        }                                                                                                        \
    }

BOTH(PRODUCTS)

int main(void) {
    RUN_BOTH(projections);
    RUN_BOTH(latents);
    RUN_BOTH(gradients);
    return finish();
}
