/* The bad-input table of firing probabilities, firing magnitudes and training schedules. */
#include "refuse_groups.h"

#include <float.h>

BAD_PARAMS_INIT(zipfian)
BAD_PARAMS_INIT(linear)
BAD_PARAMS_INIT(random)
BAD_PARAMS_INIT(folded_normal)

/* What the three kinds of firing probabilities have in common. */
#define BAD_PROBABILITIES(call)                                                                                  \
    GUARD(values);                                                                                               \
    GUARD_CONTENTS(params);                                                                                      \
    ACCEPTED(call);                                                                                              \
    BAD_POINTER(out, OUT, call);                                                                                 \
    REFUSED_WITH(count, SIZE_MAX, SIZE_OVERFLOW, OUT, call);                                                     \
    REFUSED_WITH(count, TOO_MANY(*out), SIZE_OVERFLOW, OUT, call);                                               \
    REFUSED_WITH(count, 0, EMPTY, COUNT, call);                                                                  \
    BAD_PARAMS_POINTER(params, call);                                                                            \
    NOT_FINITE(params.max_probability, MAX_PROBABILITY, call);                                                   \
    NOT_FINITE(params.min_probability, MIN_PROBABILITY, call);                                                   \
    REFUSED_WITH(params.max_probability, 1.01, OUT_OF_RANGE, MAX_PROBABILITY, call);                             \
    REFUSED_WITH(params.min_probability, 0, OUT_OF_RANGE, MIN_PROBABILITY, call);                                \
    REFUSED_WITH(params.min_probability, -0.1, OUT_OF_RANGE, MIN_PROBABILITY, call);                             \
    REFUSED_WITH(params.min_probability, params.max_probability + 0.01, ORDER, MIN_PROBABILITY, call)

#define BAD_ZIPFIAN(type, real, call)                                                                            \
    static void bad_zipfian_##type(void) {                                                                       \
        real values[5], *out = values;                                                                           \
        size_t count = 4;                                                                                        \
        saek_zipfian_params params, *p = &params;                                                                \
        saek_zipfian_params_init(&params);                                                                       \
        BAD_PROBABILITIES(call);                                                                                 \
        REFUSED_WITH(params.min_probability, params.max_probability, ORDER, MIN_PROBABILITY, call);              \
        NOT_FINITE(params.exponent, EXPONENT, call);                                                             \
        REFUSED_WITH(params.exponent, 0, OUT_OF_RANGE, EXPONENT, call);                                          \
        REFUSED_WITH(params.exponent, -1, OUT_OF_RANGE, EXPONENT, call);                                         \
        RELEASE();                                                                                               \
    }

BAD_ZIPFIAN(f32, float, saek_zipfian_f32(out, count, p))
BAD_ZIPFIAN(f64, double, saek_zipfian_f64(out, count, p))

#define BAD_LINEAR(type, real, call)                                                                             \
    static void bad_linear_##type(void) {                                                                        \
        real values[5], *out = values;                                                                           \
        size_t count = 4;                                                                                        \
        saek_linear_params params, *p = &params;                                                                 \
        saek_linear_params_init(&params);                                                                        \
        BAD_PROBABILITIES(call);                                                                                 \
        /* Here the two may be equal. */                                                                         \
        params.min_probability = params.max_probability;                                                         \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        RELEASE();                                                                                               \
    }

BAD_LINEAR(f32, float, saek_linear_f32(out, count, p))
BAD_LINEAR(f64, double, saek_linear_f64(out, count, p))

#define BAD_RANDOM(type, real, call)                                                                             \
    static void bad_random_##type(void) {                                                                        \
        real values[5], *out = values;                                                                           \
        size_t count = 4;                                                                                        \
        saek_random_params params, *p = &params;                                                                 \
        saek_random_params_init(&params);                                                                        \
        BAD_PROBABILITIES(call);                                                                                 \
        REFUSED_WITH(params.min_probability, params.max_probability, ORDER, MIN_PROBABILITY, call);              \
        REFUSED_WITH(params.source, SAEK_SOURCE_MT19937 + 1, UNKNOWN_VALUE, SOURCE, call);                       \
        REFUSED_WITH(params.source, UINT32_MAX, UNKNOWN_VALUE, SOURCE, call);                                    \
        RELEASE();                                                                                               \
    }

BAD_RANDOM(f32, float, saek_random_f32(out, count, p))
BAD_RANDOM(f64, double, saek_random_f64(out, count, p))

/* What the schedules of magnitudes have in common. */
#define BAD_MAGNITUDES(call)                                                                                     \
    GUARD(values);                                                                                               \
    ACCEPTED(call);                                                                                              \
    BAD_POINTER(out, OUT, call);                                                                                 \
    REFUSED_WITH(count, SIZE_MAX, SIZE_OVERFLOW, OUT, call);                                                     \
    REFUSED_WITH(count, TOO_MANY(*out), SIZE_OVERFLOW, OUT, call);                                               \
    REFUSED_WITH(count, 0, EMPTY, COUNT, call)

#define BAD_END(place, argument, call)                                                                           \
    NOT_FINITE(place, argument, call);                                                                           \
    REFUSED_WITH(place, 0, OUT_OF_RANGE, argument, call);                                                        \
    REFUSED_WITH(place, -1, OUT_OF_RANGE, argument, call);                                                       \
    if (sizeof *out == sizeof(float)) {                                                                          \
        REFUSED_WITH(place, 1e39, OUT_OF_RANGE, argument, call);                                                 \
        REFUSED_WITH(place, 1e-60, OUT_OF_RANGE, argument, call);                                                \
    }

#define BAD_RANGE(name, type, real, call)                                                                        \
    static void bad_##name##_magnitudes_##type(void) {                                                           \
        real values[5], *out = values;                                                                           \
        size_t count = 4;                                                                                        \
        double start = 0.5, end = 2;                                                                             \
        BAD_MAGNITUDES(call);                                                                                    \
        BAD_END(start, START, call);                                                                             \
        BAD_END(end, END, call);                                                                                 \
        RELEASE();                                                                                               \
    }

BAD_RANGE(linear, f32, float, saek_linear_magnitudes_f32(out, count, start, end))
BAD_RANGE(linear, f64, double, saek_linear_magnitudes_f64(out, count, start, end))
BAD_RANGE(exponential, f32, float, saek_exponential_magnitudes_f32(out, count, start, end))
BAD_RANGE(exponential, f64, double, saek_exponential_magnitudes_f64(out, count, start, end))

#define BAD_FOLDED_NORMAL(type, real, call)                                                                      \
    static void bad_folded_normal_magnitudes_##type(void) {                                                      \
        real values[5], *out = values;                                                                           \
        size_t count = 4;                                                                                        \
        saek_folded_normal_params params, *p = &params;                                                          \
        saek_folded_normal_params_init(&params);                                                                 \
        GUARD_CONTENTS(params);                                                                                  \
        BAD_MAGNITUDES(call);                                                                                    \
        BAD_PARAMS_POINTER(params, call);                                                                        \
        NOT_FINITE(params.mean, MEAN, call);                                                                     \
        BAD_END(params.std_dev, STD_DEV, call);                                                                  \
        REFUSED_WITH(params.std_dev, DBL_MAX / 32, OUT_OF_RANGE, STD_DEV, call);                                 \
        NOT_FINITE(params.min_magnitude, MIN_MAGNITUDE, call);                                                   \
        REFUSED_WITH(params.min_magnitude, -0.1, OUT_OF_RANGE, MIN_MAGNITUDE, call);                             \
        REFUSED_WITH(params.max_magnitude, NAN, NOT_A_NUMBER, MAX_MAGNITUDE, call);                              \
        REFUSED_WITH(params.max_magnitude, 0, OUT_OF_RANGE, MAX_MAGNITUDE, call);                                \
        params.max_magnitude = 1;                                                                                \
        take_guards();                                                                                           \
        REFUSED_WITH(params.min_magnitude, 1.01, ORDER, MIN_MAGNITUDE, call);                                    \
        RELEASE();                                                                                               \
    }

BAD_FOLDED_NORMAL(f32, float, saek_folded_normal_magnitudes_f32(out, count, p))
BAD_FOLDED_NORMAL(f64, double, saek_folded_normal_magnitudes_f64(out, count, p))

#define BAD_WARM_UP(call)                                                                                        \
    static void bad_linear_warm_up_and_decay(void) {                                                             \
        double values[2], *out = values;                                                                         \
        uint64_t step = 1, total_steps = 10, warm_up_steps = 4, decay_steps = 3;                                 \
        GUARD(values);                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_POINTER(out, OUT, call);                                                                             \
        REFUSED_WITH(total_steps, 0, EMPTY, TOTAL_STEPS, call);                                                  \
        REFUSED_WITH(warm_up_steps, 11, ORDER, WARM_UP_STEPS, call);                                             \
        REFUSED_WITH(warm_up_steps, UINT64_MAX, ORDER, WARM_UP_STEPS, call);                                     \
        REFUSED_WITH(decay_steps, 11, ORDER, DECAY_STEPS, call);                                                 \
        REFUSED_WITH(decay_steps, UINT64_MAX, ORDER, DECAY_STEPS, call);                                         \
        RELEASE();                                                                                               \
    }

BAD_WARM_UP(saek_linear_warm_up_and_decay(step, total_steps, warm_up_steps, decay_steps, out))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_zipfian_params_init();
    bad_zipfian_f32();
    bad_zipfian_f64();
    bad_linear_params_init();
    bad_linear_f32();
    bad_linear_f64();
    bad_random_params_init();
    bad_random_f32();
    bad_random_f64();
    bad_linear_magnitudes_f32();
    bad_linear_magnitudes_f64();
    bad_exponential_magnitudes_f32();
    bad_exponential_magnitudes_f64();
    bad_folded_normal_params_init();
    bad_folded_normal_magnitudes_f32();
    bad_folded_normal_magnitudes_f64();
    bad_linear_warm_up_and_decay();
    return finish();
}
