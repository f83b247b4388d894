/* The bad-input table of correlation matrices, their factors, and samples drawn from them. */
#include "refuse_groups.h"

/* Outputs are longer than what is moved onto them, so that it touches no other. */
enum { ROOM = 64 };

BAD_PARAMS_INIT(random_correlations)

#define BAD_RANDOM_PARAMS(call)                                                                                  \
    BAD_PARAMS_POINTER(params, call);                                                                            \
    NOT_FINITE(params.positive_ratio, POSITIVE_RATIO, call);                                                     \
    OUTSIDE(params.positive_ratio, 0, 1, POSITIVE_RATIO, call);                                                  \
    NOT_FINITE(params.uncorrelated_ratio, UNCORRELATED_RATIO, call);                                             \
    OUTSIDE(params.uncorrelated_ratio, 0, 1, UNCORRELATED_RATIO, call);                                          \
    NOT_FINITE(params.min_strength, MIN_STRENGTH, call);                                                         \
    NOT_FINITE(params.max_strength, MAX_STRENGTH, call);                                                         \
    REFUSED_WITH(params.min_strength, -0.01, OUT_OF_RANGE, MIN_STRENGTH, call);                                  \
    REFUSED_WITH(params.max_strength, 1.01, OUT_OF_RANGE, MAX_STRENGTH, call);                                   \
    REFUSED_WITH(params.min_strength, params.max_strength + 0.01, ORDER, MIN_STRENGTH, call);                    \
    REFUSED_WITH(count, (size_t)UINT32_MAX + 1, OUT_OF_RANGE, COUNT, call);                                      \
    REFUSED_WITH(count, SIZE_MAX, OUT_OF_RANGE, COUNT, call);                                                    \
    BAD_POINTER(out, OUT, call)

#define BAD_RANDOM_CORRELATIONS_LEN(call)                                                                        \
    static void bad_random_correlations_len(void) {                                                              \
        saek_random_correlations_params params, *p = &params;                                                    \
        size_t count = 4, answer[2], *out = answer;                                                              \
        saek_random_correlations_params_init(&params);                                                           \
        GUARD(answer);                                                                                           \
        GUARD_CONTENTS(params);                                                                                  \
        ACCEPTED(call);                                                                                          \
        BAD_RANDOM_PARAMS(call);                                                                                 \
        RELEASE();                                                                                               \
    }

BAD_RANDOM_CORRELATIONS_LEN(saek_random_correlations_len(count, p, out))

/* Of the 6 pairs of 4 features floor(6 * 0.3) = 1 is left out. */
#define BAD_RANDOM_CORRELATIONS(call)                                                                            \
    static void bad_random_correlations(void) {                                                                  \
        saek_random_correlations_params params, *p = &params;                                                    \
        saek_correlated_pair list[8], *pairs = list;                                                             \
        size_t count = 4, capacity = 5, answer[2], *out = answer;                                                \
        saek_random_correlations_params_init(&params);                                                           \
        GUARD(list);                                                                                             \
        GUARD(answer);                                                                                           \
        GUARD_CONTENTS(params);                                                                                  \
        ACCEPTED(call);                                                                                          \
        BAD_RANDOM_PARAMS(call);                                                                                 \
        BAD_POINTER(pairs, PAIRS, call);                                                                         \
        REFUSED_WITH(capacity, SIZE_MAX, SIZE_OVERFLOW, PAIRS, call);                                            \
        REFUSED_WITH(capacity, TOO_MANY(*pairs), SIZE_OVERFLOW, PAIRS, call);                                    \
        REFUSED_WITH(capacity, 4, CAPACITY, CAPACITY, call);                                                     \
        REFUSED_WITH(capacity, 0, CAPACITY, CAPACITY, call);                                                     \
        REFUSED_WITH(out, (size_t *)(pairs + 4), OVERLAP, OUT, call);                                            \
        RELEASE();                                                                                               \
    }

BAD_RANDOM_CORRELATIONS(saek_random_correlations(count, p, pairs, capacity, out))

BAD_QUERY_1(correlation_matrix_f32_workspace, WORKSPACE)
BAD_QUERY_1(correlation_matrix_f64_workspace, WORKSPACE)

#define BAD_CORRELATION_MATRIX(type, real, call)                                                                 \
    static void bad_correlation_matrix_##type(void) {                                                            \
        saek_correlated_pair list[] = {{0, 1, 0.5}, {1, 2, -0.25}}, *pairs = list;                               \
        size_t pair_count = 2, count = 3, stride = 4;                                                            \
        double default_correlation = 0.1;                                                                        \
        real matrix[ROOM], *out = matrix;                                                                        \
        uint32_t repaired[ROOM], *report = repaired;                                                             \
        WORKSPACE(saek_correlation_matrix_##type##_workspace(count, bytes, align));                              \
        GUARD_CONTENTS(list);                                                                                    \
        GUARD(matrix);                                                                                           \
        GUARD(repaired);                                                                                         \
        ACCEPTED(call);                                                                                          \
        BAD_POINTER(pairs, PAIRS, call);                                                                         \
        REFUSED_WITH(pair_count, SIZE_MAX, SIZE_OVERFLOW, PAIRS, call);                                          \
        REFUSED_WITH(pair_count, TOO_MANY(*pairs), SIZE_OVERFLOW, PAIRS, call);                                  \
        REFUSED_WITH(list[1].i, 3, INDEX_OUT_OF_RANGE, PAIRS, call);                                             \
        REFUSED_WITH(list[1].j, 3, INDEX_OUT_OF_RANGE, PAIRS, call);                                             \
        REFUSED_WITH(list[1].j, UINT32_MAX, INDEX_OUT_OF_RANGE, PAIRS, call);                                    \
        REFUSED_WITH(list[1].j, 1, ORDER, PAIRS, call);                                                          \
        REFUSED_WITH(list[1].j, 0, ORDER, PAIRS, call);                                                          \
        NOT_FINITE(list[1].correlation, PAIRS, call);                                                            \
        OUTSIDE(list[1].correlation, -1, 1, PAIRS, call);                                                        \
        NOT_FINITE(default_correlation, DEFAULT_CORRELATION, call);                                              \
        OUTSIDE(default_correlation, -1, 1, DEFAULT_CORRELATION, call);                                          \
        BAD_MATRIX(out, count, stride, OUT, call);                                                               \
        REFUSED_WITH(count, 0, EMPTY, OUT, call);                                                                \
        REFUSED_WITH(count, 5, STRIDE, OUT, call);                                                               \
        REFUSED_WITH(report, OFF_BY_ONE_BYTE(report), MISALIGNED, REPORT, call);                                 \
        REFUSED_WITH(out, (real *)pairs, OVERLAP, OUT, call);                                                    \
        REFUSED_WITH(report, (uint32_t *)out, OVERLAP, REPORT, call);                                            \
        REFUSED_WITH(report, &list[1].j, OVERLAP, REPORT, call);                                                 \
        REFUSED_WITH(pairs, (saek_correlated_pair *)workspace, OVERLAP, WORKSPACE, call);                        \
        REFUSED_WITH(out, (real *)workspace, OVERLAP, WORKSPACE, call);                                          \
        REFUSED_WITH(report, (uint32_t *)workspace, OVERLAP, WORKSPACE, call);                                   \
        BAD_WORKSPACE(call);                                                                                     \
        RELEASE();                                                                                               \
    }

BAD_CORRELATION_MATRIX(f32, float,
                       saek_correlation_matrix_f32(pairs, pair_count, default_correlation, out, count, stride, report,
                                                   workspace, workspace_bytes))
BAD_CORRELATION_MATRIX(f64, double,
                       saek_correlation_matrix_f64(pairs, pair_count, default_correlation, out, count, stride, report,
                                                   workspace, workspace_bytes))

BAD_QUERY_1(correlation_factorise_f32_workspace, WORKSPACE)
BAD_QUERY_1(correlation_factorise_f64_workspace, WORKSPACE)

#define BAD_FACTORISE(type, real, call)                                                                          \
    static void bad_correlation_factorise_##type(void) {                                                         \
        real values[] = {1, 0.5, 0, 9, 0.5, 1, 0.25, 9, 0, 0.25, 1, 9}, *correlation = values;                   \
        real indefinite[] = {1, 0.9, -0.9, 9, 0.9, 1, 0.9, 9, -0.9, 0.9, 1, 9};                                  \
        real singular[] = {1, 1, 1, 9, 1, 1, 1, 9, 1, 1, 1, 9};                                                  \
        real triangle[ROOM], *factor = triangle;                                                                 \
        size_t count = 3, correlation_stride = 4, factor_stride = 5;                                             \
        WORKSPACE(saek_correlation_factorise_##type##_workspace(count, bytes, align));                           \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD(triangle);                                                                                         \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(correlation, count, correlation_stride, CORRELATION, call);                                   \
        BAD_MATRIX(factor, count, factor_stride, FACTOR, call);                                                  \
        REFUSED_WITH(count, 0, EMPTY, CORRELATION, call);                                                        \
        REFUSED_WITH(count, 5, STRIDE, CORRELATION, call);                                                       \
        NOT_FINITE(values[0], CORRELATION, call);                                                                \
        NOT_FINITE(values[2], CORRELATION, call);                                                                \
        NOT_FINITE(values[10], CORRELATION, call);                                                               \
        REFUSED_WITH(values[0], 1.001, DIAGONAL_NOT_ONE, CORRELATION, call);                                     \
        REFUSED_WITH(values[10], 0, DIAGONAL_NOT_ONE, CORRELATION, call);                                        \
        REFUSED_WITH(values[1], 0.501, NOT_SYMMETRIC, CORRELATION, call);                                        \
        REFUSED_WITH(values[9], -0.25, NOT_SYMMETRIC, CORRELATION, call);                                        \
        REFUSED_WITH(correlation, indefinite, NOT_POSITIVE_DEFINITE, CORRELATION, call);                         \
        REFUSED_WITH(correlation, singular, NOT_POSITIVE_DEFINITE, CORRELATION, call);                           \
        REFUSED_WITH(factor, correlation, OVERLAP, FACTOR, call);                                                \
        REFUSED_WITH(factor, correlation + 10, OVERLAP, FACTOR, call);                                           \
        REFUSED_WITH(correlation, (real *)workspace, OVERLAP, WORKSPACE, call);                                  \
        REFUSED_WITH(factor, (real *)workspace, OVERLAP, WORKSPACE, call);                                       \
        BAD_WORKSPACE(call);                                                                                     \
        RELEASE();                                                                                               \
    }

BAD_FACTORISE(f32, float,
              saek_correlation_factorise_f32(correlation, count, correlation_stride, factor, factor_stride, workspace,
                                             workspace_bytes))
BAD_FACTORISE(f64, double,
              saek_correlation_factorise_f64(correlation, count, correlation_stride, factor, factor_stride, workspace,
                                             workspace_bytes))

#define BAD_THRESHOLDS(type, real, call)                                                                         \
    static void bad_correlation_thresholds_##type(void) {                                                        \
        real values[] = {0, 0.5, 1}, *probabilities = values;                                                    \
        real answer[ROOM], *thresholds = answer;                                                                 \
        size_t probability_count = 3, count = 3;                                                                 \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD(answer);                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_POINTER(probabilities, PROBABILITIES, call);                                                         \
        BAD_POINTER(thresholds, THRESHOLDS, call);                                                               \
        REFUSED_WITH(probability_count, SIZE_MAX, SIZE_OVERFLOW, PROBABILITIES, call);                           \
        REFUSED_WITH(probability_count, TOO_MANY(real), SIZE_OVERFLOW, PROBABILITIES, call);                     \
        REFUSED_WITH(count, SIZE_MAX, SIZE_OVERFLOW, THRESHOLDS, call);                                          \
        REFUSED_WITH(count, TOO_MANY(real), SIZE_OVERFLOW, THRESHOLDS, call);                                    \
        REFUSED_WITH(probability_count, 0, EMPTY, PROBABILITIES, call);                                          \
        REFUSED_WITH(probability_count, 2, SHAPE, PROBABILITIES, call);                                          \
        REFUSED_WITH(count, 0, EMPTY, THRESHOLDS, call);                                                         \
        REFUSED_WITH(count, 4, SHAPE, PROBABILITIES, call);                                                      \
        REFUSED_WITH(values[2], NAN, NOT_A_NUMBER, PROBABILITIES, call);                                         \
        REFUSED_WITH(values[2], INFINITY, OUT_OF_RANGE, PROBABILITIES, call);                                    \
        OUTSIDE(values[1], 0, 1, PROBABILITIES, call);                                                           \
        REFUSED_WITH(thresholds, probabilities, OVERLAP, THRESHOLDS, call);                                      \
        REFUSED_WITH(thresholds, probabilities + 2, OVERLAP, THRESHOLDS, call);                                  \
        RELEASE();                                                                                               \
    }

BAD_THRESHOLDS(f32, float, saek_correlation_thresholds_f32(probabilities, probability_count, thresholds, count))
BAD_THRESHOLDS(f64, double, saek_correlation_thresholds_f64(probabilities, probability_count, thresholds, count))

BAD_QUERY_1(sample_correlated_f32_workspace, WORKSPACE)
BAD_QUERY_1(sample_correlated_f64_workspace, WORKSPACE)

/* One value a feature, or one for all. */
#define BAD_PER_FEATURE(pointer, count, values, argument, call)                                                  \
    BAD_POINTER(pointer, argument, call);                                                                        \
    REFUSED_WITH(count, 0, EMPTY, argument, call);                                                               \
    REFUSED_WITH(count, 2, SHAPE, argument, call);                                                               \
    REFUSED_WITH(count, SIZE_MAX, SIZE_OVERFLOW, argument, call);                                                \
    REFUSED_WITH(count, TOO_MANY(*(pointer)), SIZE_OVERFLOW, argument, call);                                    \
    NOT_FINITE((values)[0], argument, call);                                                                     \
    NOT_FINITE((values)[2], argument, call)

#define BAD_SAMPLE_CORRELATED(type, real, call)                                                                  \
    static void bad_sample_correlated_##type(void) {                                                             \
        real factor_values[] = {1, 0, 0, 9, 0.6f, 0.8f, 0, 9, 0, 0, 1, 9}, *factor = factor_values;              \
        real threshold_values[] = {-INFINITY, 0, INFINITY}, *thresholds = threshold_values;                      \
        real mean_values[] = {1, 2, 3}, *means = mean_values;                                                    \
        real std_dev_values[] = {0, 0.5, 1}, *std_devs = std_dev_values;                                         \
        real sample[ROOM], *activations = sample;                                                                \
        size_t factor_stride = 4, mean_count = 3, std_dev_count = 3, rows = 2, cols = 3, stride = 5;             \
        uint64_t first_row = 7;                                                                                  \
        WORKSPACE(saek_sample_correlated_##type##_workspace(cols, bytes, align));                                \
        GUARD_CONTENTS(factor_values);                                                                           \
        GUARD_CONTENTS(threshold_values);                                                                        \
        GUARD_CONTENTS(mean_values);                                                                             \
        GUARD_CONTENTS(std_dev_values);                                                                          \
        GUARD(sample);                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(factor, cols, factor_stride, FACTOR, call);                                                   \
        NOT_FINITE(factor_values[0], FACTOR, call);                                                              \
        NOT_FINITE(factor_values[10], FACTOR, call);                                                             \
        BAD_POINTER(thresholds, THRESHOLDS, call);                                                               \
        REFUSED_WITH(threshold_values[1], NAN, NOT_A_NUMBER, THRESHOLDS, call);                                  \
        BAD_PER_FEATURE(means, mean_count, mean_values, MEANS, call);                                            \
        BAD_PER_FEATURE(std_devs, std_dev_count, std_dev_values, STD_DEVS, call);                                \
        REFUSED_WITH(std_dev_values[1], -0.5, OUT_OF_RANGE, STD_DEVS, call);                                     \
        BAD_MATRIX(activations, cols, stride, ACTIVATIONS, call);                                                \
        BAD_ROWS(rows, ACTIVATIONS, call);                                                                       \
        REFUSED_WITH(cols, 0, EMPTY, FACTOR, call);                                                              \
        REFUSED_WITH(cols, 5, STRIDE, FACTOR, call);                                                             \
        REFUSED_WITH(first_row, UINT64_MAX, SIZE_OVERFLOW, FIRST_ROW, call);                                     \
        REFUSED_WITH(first_row, UINT64_MAX - 1, SIZE_OVERFLOW, FIRST_ROW, call);                                 \
        REFUSED_WITH(activations, factor + 10, OVERLAP, ACTIVATIONS, call);                                      \
        REFUSED_WITH(thresholds, activations + 7, OVERLAP, ACTIVATIONS, call);                                   \
        REFUSED_WITH(means, activations + 7, OVERLAP, ACTIVATIONS, call);                                        \
        REFUSED_WITH(std_devs, activations + 7, OVERLAP, ACTIVATIONS, call);                                     \
        REFUSED_WITH(factor, (real *)workspace, OVERLAP, WORKSPACE, call);                                       \
        REFUSED_WITH(activations, (real *)workspace, OVERLAP, WORKSPACE, call);                                  \
        BAD_WORKSPACE(call);                                                                                     \
        RELEASE();                                                                                               \
    }

BAD_SAMPLE_CORRELATED(f32, float,
                      saek_sample_correlated_f32(factor, factor_stride, thresholds, means, mean_count, std_devs,
                                                 std_dev_count, 1, 2, first_row, activations, rows, cols, stride,
                                                 workspace, workspace_bytes))
BAD_SAMPLE_CORRELATED(f64, double,
                      saek_sample_correlated_f64(factor, factor_stride, thresholds, means, mean_count, std_devs,
                                                 std_dev_count, 1, 2, first_row, activations, rows, cols, stride,
                                                 workspace, workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_random_correlations_params_init();
    bad_random_correlations_len();
    bad_random_correlations();
    bad_correlation_matrix_f32_workspace();
    bad_correlation_matrix_f64_workspace();
    bad_correlation_matrix_f32();
    bad_correlation_matrix_f64();
    bad_correlation_factorise_f32_workspace();
    bad_correlation_factorise_f64_workspace();
    bad_correlation_factorise_f32();
    bad_correlation_factorise_f64();
    bad_correlation_thresholds_f32();
    bad_correlation_thresholds_f64();
    bad_sample_correlated_f32_workspace();
    bad_sample_correlated_f64_workspace();
    bad_sample_correlated_f32();
    bad_sample_correlated_f64();
    return finish();
}
