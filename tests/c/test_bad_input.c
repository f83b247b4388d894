/* The bad-input table: every exported function with every argument that it can refuse. tests/run checks that no
 * function is missing. */
#include "refuse.h"

#define BAD_PARAMS_INIT(kernel)                                                                       \
    static void bad_##kernel##_params_init(void) {                                                    \
        saek_##kernel##_params params;                                                                \
        GUARD(params);                                                                             \
        ACCEPTED(saek_##kernel##_params_init(&params));                                               \
        REFUSED(NULL_POINTER, PARAMS, saek_##kernel##_params_init(NULL));                             \
        REFUSED(MISALIGNED, PARAMS, saek_##kernel##_params_init(OFF_BY_ONE_BYTE(&params)));           \
        RELEASE();                                                                                    \
    }

static void bad_status_functions(void) {
    char out[8];
    GUARD(out);
    ACCEPTED(saek_status_message(0, out, sizeof out));
    REFUSED(NULL_POINTER, OUT, saek_status_message(0, NULL, sizeof out));
    REFUSED(EMPTY, CAPACITY, saek_status_message(0, out, 0));
    REFUSED(SIZE_OVERFLOW, OUT, saek_status_message(0, out, SIZE_MAX));
    RELEASE();
    /* These two take any number and have no way to fail. */
    ANSWERED(saek_status_string(-1), "unknown status");
    ANSWERED(saek_status_string(0), "success");
    ANSWERED(saek_status_string(INT32_MAX), "unknown status");
    ANSWERED(saek_status_argument(-1), "");
    ANSWERED(saek_status_argument(0), "");
    ANSWERED(saek_status_argument(INT32_MIN), "");
}

BAD_PARAMS_INIT(zipfian)

#define BAD_ZIPFIAN(type, real)                                                                                  \
    static void bad_zipfian_##type(void) {                                                                       \
        real out[5];                                                                                             \
        saek_zipfian_params params;                                                                              \
        saek_zipfian_params_init(&params);                                                                       \
        GUARD(out);                                                                                              \
        GUARD_CONTENTS(params);                                                                               \
        ACCEPTED(saek_zipfian_##type(out, 5, &params));                                                          \
        REFUSED(NULL_POINTER, OUT, saek_zipfian_##type(NULL, 5, &params));                                       \
        REFUSED(MISALIGNED, OUT, saek_zipfian_##type(OFF_BY_ONE_BYTE(out), 4, &params));                         \
        REFUSED(SIZE_OVERFLOW, OUT, saek_zipfian_##type(out, SIZE_MAX, &params));                                \
        REFUSED(SIZE_OVERFLOW, OUT, saek_zipfian_##type(out, SIZE_MAX / 2 / sizeof(real) + 1, &params));         \
        REFUSED(EMPTY, COUNT, saek_zipfian_##type(out, 0, &params));                                             \
        REFUSED(MISALIGNED, PARAMS, saek_zipfian_##type(out, 5, OFF_BY_ONE_BYTE(&params)));                      \
        BAD_PARAMS(params, saek_zipfian_##type(out, 5, &params));                                                \
        NOT_FINITE(params.exponent, EXPONENT, saek_zipfian_##type(out, 5, &params));                             \
        NOT_FINITE(params.max_probability, MAX_PROBABILITY, saek_zipfian_##type(out, 5, &params));               \
        NOT_FINITE(params.min_probability, MIN_PROBABILITY, saek_zipfian_##type(out, 5, &params));               \
        REFUSED_WITH(params.exponent, 0, OUT_OF_RANGE, EXPONENT, saek_zipfian_##type(out, 5, &params));          \
        REFUSED_WITH(params.exponent, -1, OUT_OF_RANGE, EXPONENT, saek_zipfian_##type(out, 5, &params));         \
        REFUSED_WITH(params.max_probability, 1.01, OUT_OF_RANGE, MAX_PROBABILITY,                                \
                     saek_zipfian_##type(out, 5, &params));                                                      \
        REFUSED_WITH(params.min_probability, 0, OUT_OF_RANGE, MIN_PROBABILITY,                                   \
                     saek_zipfian_##type(out, 5, &params));                                                      \
        REFUSED_WITH(params.min_probability, params.max_probability, ORDER, MIN_PROBABILITY,                     \
                     saek_zipfian_##type(out, 5, &params));                                                      \
        RELEASE();                                                                                               \
    }

BAD_ZIPFIAN(f32, float)
BAD_ZIPFIAN(f64, double)

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_status_functions();
    bad_zipfian_params_init();
    bad_zipfian_f32();
    bad_zipfian_f64();
    return finish();
}
