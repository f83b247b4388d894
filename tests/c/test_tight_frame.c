/* Tight frames and low coherence from C: right answers. */
#include "check.h"
#include "sae_kernels.h"

#include <math.h>

/* Room for a workspace of any call here. */
static double memory[1 << 12];

static void *aligned(size_t align) {
    char *start = (char *)memory;
    return start + (align - (size_t)((uintptr_t)start % align)) % align;
}

static int stop_at_third(void *context, const saek_progress *progress) {
    *(double *)context = progress->loss;
    return progress->step == 3;
}

#define TEST_DICTIONARIES(type, real, rounding)                                                                  \
    static double cosine_##type(const real *rows, size_t i, size_t j) {                                          \
        return (double)rows[4 * i] * rows[4 * j] + (double)rows[4 * i + 1] * rows[4 * j + 1] +                   \
               (double)rows[4 * i + 2] * rows[4 * j + 2];                                                        \
    }                                                                                                            \
    /* Twelve vectors in three dimensions, four numbers apart: 12^2/3 - 12 = 36 is the floor. */               \
    static void tight_frame_##type(void) {                                                                       \
        real rows[48];                                                                                           \
        double sum = 0;                                                                                          \
        size_t bytes, align, i, j;                                                                               \
        saek_tight_frame_report report;                                                                          \
        for (i = 0; i < 48; i++) rows[i] = 7;                                                                    \
        CHECK(saek_random_unit_rows_##type(1, 0, 0, rows, 12, 3, 4) == SAEK_STATUS_OK);                          \
        CHECK(saek_tight_frame_##type##_workspace(12, 3, &bytes, &align) == SAEK_STATUS_OK);                     \
        CHECK(bytes + align <= sizeof memory);                                                                   \
        CHECK(saek_tight_frame_report_init(&report) == SAEK_STATUS_OK);                                          \
        CHECK(saek_tight_frame_##type(rows, 12, 3, 4, NULL, &report, NULL, NULL, aligned(align), bytes) ==       \
              SAEK_STATUS_OK);                                                                                   \
        for (i = 0; i < 12; i++) {                                                                               \
            CHECK(fabs(cosine_##type(rows, i, i) - 1) < rounding && rows[4 * i + 3] == 7);                       \
            for (j = 0; j < 12; j++) sum += i == j ? 0 : pow(cosine_##type(rows, i, j), 2);                      \
        }                                                                                                        \
        CHECK(fabs(sum - 36) < 144 * rounding && fabs(report.floor - 36) < 1e-12);                               \
        CHECK(report.method == SAEK_TIGHT_FRAME_ALTERNATING_PROJECTION && report.rounds > 0);                    \
        CHECK(report.distance < 1e-9 && report.filled == 0);                                                     \
    }                                                                                                            \
    /* Four vectors in three dimensions with a target below -1/3: the tetrahedron. */                            \
    static void simplex_##type(void) {                                                                           \
        real rows[16] = {1, 0, 0, 7, 0, 1, 0, 7, 0, 0, 1, 7, -1, -2, -3, 7};                                     \
        size_t bytes, align, i, j;                                                                               \
        saek_tight_frame_params params;                                                                          \
        saek_tight_frame_params_init(&params);                                                                   \
        params.target_cosine = -0.5;                                                                             \
        CHECK(saek_tight_frame_##type##_workspace(4, 3, &bytes, &align) == SAEK_STATUS_OK);                      \
        CHECK(saek_tight_frame_##type(rows, 4, 3, 4, &params, NULL, NULL, NULL, aligned(align), bytes) ==        \
              SAEK_STATUS_OK);                                                                                   \
        for (i = 0; i < 4; i++) {                                                                                \
            for (j = 0; j < i; j++) CHECK(fabs(cosine_##type(rows, i, j) + 1.0 / 3) < rounding);                 \
        }                                                                                                        \
    }                                                                                                            \
    /* Six vectors in three dimensions: at best the axes of the icosahedron, whose cosines are 1/sqrt(5). */     \
    static void low_coherence_##type(void) {                                                                     \
        real rows[24];                                                                                           \
        double most = 0, heard = 0;                                                                              \
        size_t bytes, align, i, j;                                                                               \
        saek_lower_coherence_report report;                                                                      \
        saek_status stopped = SAEK_STATUS(SAEK_STATUS_CANCELLED, SAEK_ARGUMENT_PROGRESS);                        \
        CHECK(saek_random_unit_rows_##type(1, 0, 0, rows, 6, 3, 4) == SAEK_STATUS_OK);                           \
        CHECK(saek_lower_coherence_##type##_workspace(6, 3, &bytes, &align) == SAEK_STATUS_OK);                  \
        CHECK(bytes + align <= sizeof memory);                                                                   \
        CHECK(saek_lower_coherence_report_init(&report) == SAEK_STATUS_OK);                                      \
        CHECK(saek_lower_coherence_##type(rows, 6, 3, 4, NULL, NULL, stop_at_third, &heard, aligned(align),      \
                                          bytes) == stopped);                                                    \
        CHECK(heard > 0.44 && heard < 1);                                                                        \
        CHECK(saek_lower_coherence_##type(rows, 6, 3, 4, NULL, &report, NULL, NULL, aligned(align), bytes) ==    \
              SAEK_STATUS_OK);                                                                                   \
        for (i = 0; i < 6; i++) {                                                                                \
            for (j = 0; j < i; j++) most = fmax(most, fabs(cosine_##type(rows, i, j)));                          \
        }                                                                                                        \
        CHECK(fabs(report.welch_bound - 1 / sqrt(5)) < 1e-15 && report.after <= report.before);                  \
        CHECK(fabs(most - report.after) < rounding && most > 1 / sqrt(5) - rounding && most < 0.47);             \
    }

TEST_DICTIONARIES(f32, float, 1e-5)
TEST_DICTIONARIES(f64, double, 1e-12)

int main(void) {
    RUN(tight_frame_f32);
    RUN(tight_frame_f64);
    RUN(simplex_f32);
    RUN(simplex_f64);
    RUN(low_coherence_f32);
    RUN(low_coherence_f64);
    return finish();
}
