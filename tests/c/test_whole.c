/* Assignments of whole costs from C: right answers, with proof. */
#include "check.h"
#include "sae_kernels.h"


#define TEST_WHOLE(type, whole, greatest, least)                                                                 \
    static void whole_costs_##type(void) {                                                                       \
        const whole costs[] = {4, 1, greatest, 0, 2, least, 5, 0};                                               \
        static double workspace[1024];                                                                           \
        int64_t row_to_col[2];                                                                                   \
        double u[2], v[3], objective;                                                                            \
        size_t bytes, align;                                                                                     \
        saek_assignment_params params;                                                                           \
        saek_certificate certificate;                                                                            \
        char *aligned = (char *)workspace;                                                                       \
        CHECK(saek_assignment_##type##_workspace(2, 3, &bytes, &align) == SAEK_STATUS_OK);                       \
        aligned += (align - (size_t)((uintptr_t)aligned % align)) % align;                                       \
        CHECK(bytes + align <= sizeof workspace);                                                                \
        saek_assignment_params_init(&params);                                                                    \
        saek_certificate_init(&certificate);                                                                     \
        /* Only the other end of the range forbids; this one would be as cheap or as dear as can be. */          \
        CHECK(saek_assignment_##type(costs, 2, 2, 4, NULL, row_to_col, NULL, u, v, &objective, aligned, bytes)   \
              == (sizeof(whole) == 4 ? (saek_status)SAEK_STATUS_OK                                               \
                                     : SAEK_STATUS(SAEK_STATUS_OUT_OF_RANGE, SAEK_ARGUMENT_COSTS)));             \
        params.sense = SAEK_SENSE_MAXIMISE;                                                                      \
        CHECK(saek_assignment_##type(costs, 2, 2, 4, &params, row_to_col, NULL, u, v, &objective, aligned, bytes) \
              == SAEK_STATUS_OK);                                                                                \
        CHECK(objective == 3 && row_to_col[0] == 1 && row_to_col[1] == 0);                                       \
        CHECK(saek_verify_assignment_##type(costs, 2, 2, 4, params.sense, row_to_col, u, v, &certificate,        \
                                            aligned, bytes) == SAEK_STATUS_OK);                                  \
        CHECK(certificate.objective == 3 && certificate.gap == 0 && certificate.infeasibility == 0);             \
    }

TEST_WHOLE(i32, int32_t, INT32_MAX, INT32_MIN)
TEST_WHOLE(i64, int64_t, INT64_MAX, INT64_MIN)

int main(void) {
    RUN(whole_costs_i32);
    RUN(whole_costs_i64);
    return finish();
}
