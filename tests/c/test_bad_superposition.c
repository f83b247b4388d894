/* The bad-input table of what is measured about dictionaries and correlations: superposition, uniqueness, and
 * correlation statistics. */
#include "refuse_groups.h"

/* Outputs are longer than needed, so that an input that is moved onto one of them touches no other. */
enum { ROOM = 24 };

BAD_PARAMS_INIT(superposition)

static void bad_superposition_init(void) {
    saek_superposition superposition;
    GUARD(superposition);
    ACCEPTED(saek_superposition_init(&superposition));
    REFUSED(NULL_POINTER, SUPERPOSITION, saek_superposition_init(NULL));
    REFUSED(MISALIGNED, SUPERPOSITION, saek_superposition_init(OFF_BY_ONE_BYTE(&superposition)));
    RELEASE();
}

BAD_QUERY_3(superposition_f32_workspace, WORKSPACE)
BAD_QUERY_3(superposition_f64_workspace, WORKSPACE)

#define BAD_SUPERPOSITION(type, real, call)                                                                      \
    static void bad_superposition_##type(void) {                                                                 \
        real values[] = {1, 2, 0, 9, 0, 1, 1, 9}, *dictionary = values;                                          \
        double wanted[] = {0, 50, 100}, *percentiles = wanted;                                                   \
        real max[ROOM], of_vectors[ROOM], *max_of_vectors = max, *percentiles_of_vectors = of_vectors;           \
        double means[ROOM], *mean_percentiles = means;                                                           \
        saek_superposition found[2], *superposition = found;                                                     \
        saek_superposition_params params, *p = &params;                                                          \
        size_t rows = 2, cols = 3, stride = 4, percentile_count = 3;                                             \
        WORKSPACE(saek_superposition_##type##_workspace(rows, cols, percentile_count, bytes, align));            \
        saek_superposition_params_init(&params);                                                                 \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD_CONTENTS(wanted);                                                                                  \
        GUARD_CONTENTS(params);                                                                                  \
        GUARD(max);                                                                                              \
        GUARD(of_vectors);                                                                                       \
        GUARD(means);                                                                                            \
        GUARD(found);                                                                                            \
        saek_superposition_init(superposition);                                                                  \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(dictionary, cols, stride, DICTIONARY, call);                                                  \
        BAD_ROWS(rows, DICTIONARY, call);                                                                        \
        REFUSED_WITH(rows, 1, OUT_OF_RANGE, ROWS, call);                                                         \
        REFUSED_WITH(cols, 0, EMPTY, DICTIONARY, call);                                                          \
        REFUSED_WITH(cols, 5, STRIDE, DICTIONARY, call);                                                         \
        NOT_FINITE(values[0], DICTIONARY, call);                                                                 \
        NOT_FINITE(values[6], DICTIONARY, call);                                                                 \
        /* Null stands for two percentiles, not for three. */                                                    \
        BAD_POINTER(percentiles, PERCENTILES, call);                                                             \
        REFUSED_WITH(percentile_count, SIZE_MAX, SIZE_OVERFLOW, PERCENTILES, call);                              \
        REFUSED_WITH(percentile_count, TOO_MANY(double), SIZE_OVERFLOW, PERCENTILES, call);                      \
        NOT_FINITE(wanted[0], PERCENTILES, call);                                                                \
        NOT_FINITE(wanted[2], PERCENTILES, call);                                                                \
        OUTSIDE(wanted[1], 0, 100, PERCENTILES, call);                                                           \
        BAD_PARAMS_POINTER(params, call);                                                                        \
        REFUSED_WITH(params.threads, 2, OUT_OF_RANGE, THREADS, call);                                            \
        REFUSED_WITH(params.threads, UINT32_MAX, OUT_OF_RANGE, THREADS, call);                                   \
        REFUSED_WITH(max_of_vectors, OFF_BY_ONE_BYTE(max), MISALIGNED, MAX_OF_VECTORS, call);                    \
        REFUSED_WITH(percentiles_of_vectors, OFF_BY_ONE_BYTE(of_vectors), MISALIGNED, PERCENTILES_OF_VECTORS,    \
                     call);                                                                                      \
        REFUSED_WITH(mean_percentiles, OFF_BY_ONE_BYTE(means), MISALIGNED, MEAN_PERCENTILES, call);              \
        BAD_POINTER(superposition, SUPERPOSITION, call);                                                         \
        BAD_STRUCT_SIZE(found[0], SUPERPOSITION, call);                                                          \
        REFUSED_WITH(dictionary, max_of_vectors, OVERLAP, MAX_OF_VECTORS, call);                                 \
        REFUSED_WITH(dictionary, percentiles_of_vectors, OVERLAP, PERCENTILES_OF_VECTORS, call);                 \
        REFUSED_WITH(percentiles, mean_percentiles, OVERLAP, MEAN_PERCENTILES, call);                            \
        REFUSED_WITH(percentiles, &found[0].rms, OVERLAP, SUPERPOSITION, call);                                  \
        REFUSED_WITH(percentiles_of_vectors, max_of_vectors + 1, OVERLAP, PERCENTILES_OF_VECTORS, call);         \
        REFUSED_WITH(max_of_vectors, (real *)(mean_percentiles + 2), OVERLAP, MEAN_PERCENTILES, call);           \
        REFUSED_WITH(mean_percentiles, &found[0].mean_max, OVERLAP, SUPERPOSITION, call);                        \
        REFUSED_WITH(dictionary, (real *)workspace, OVERLAP, WORKSPACE, call);                                   \
        REFUSED_WITH(max_of_vectors, (real *)workspace, OVERLAP, WORKSPACE, call);                               \
        REFUSED_WITH(percentiles_of_vectors, (real *)workspace, OVERLAP, WORKSPACE, call);                       \
        REFUSED_WITH(mean_percentiles, (double *)workspace, OVERLAP, WORKSPACE, call);                           \
        BAD_WORKSPACE(call);                                                                                     \
        saek_superposition_init((saek_superposition *)workspace);                                                \
        REFUSED_WITH(superposition, (saek_superposition *)workspace, OVERLAP, WORKSPACE, call);                  \
        RELEASE();                                                                                               \
    }

/* The size of a struct that is written. */
#define BAD_STRUCT_SIZE(written, argument, call)                                                                 \
    REFUSED_WITH((written).struct_size, 0, STRUCT_SIZE, argument, call);                                         \
    REFUSED_WITH((written).struct_size, 7, STRUCT_SIZE, argument, call);                                         \
    REFUSED_WITH((written).struct_size, sizeof(written) + 8, STRUCT_SIZE, argument, call);                       \
    REFUSED_WITH((written).struct_size, UINT32_MAX, STRUCT_SIZE, argument, call)

BAD_SUPERPOSITION(f32, float,
                  saek_superposition_f32(dictionary, rows, cols, stride, percentiles, percentile_count, p,
                                         max_of_vectors, percentiles_of_vectors, mean_percentiles, superposition,
                                         workspace, workspace_bytes))
BAD_SUPERPOSITION(f64, double,
                  saek_superposition_f64(dictionary, rows, cols, stride, percentiles, percentile_count, p,
                                         max_of_vectors, percentiles_of_vectors, mean_percentiles, superposition,
                                         workspace, workspace_bytes))

BAD_QUERY_3(feature_uniqueness_f32_workspace, WORKSPACE)
BAD_QUERY_3(feature_uniqueness_f64_workspace, WORKSPACE)

#define BAD_FEATURE_UNIQUENESS(type, real, call)                                                                 \
    static void bad_feature_uniqueness_##type(void) {                                                            \
        TWO_DICTIONARIES(real, latents, features);                                                               \
        int64_t bests[ROOM], *best_of_rows = bests;                                                              \
        double answer[ROOM], *uniqueness = answer;                                                               \
        saek_match_params params, *p = &params;                                                                  \
        WORKSPACE(saek_feature_uniqueness_##type##_workspace(latents_rows, features_rows, cols, bytes, align));  \
        saek_match_params_init(&params);                                                                         \
        GUARD_CONTENTS(first_values);                                                                            \
        GUARD_CONTENTS(second_values);                                                                           \
        GUARD_CONTENTS(params);                                                                                  \
        GUARD(bests);                                                                                            \
        GUARD(answer);                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_DICTIONARIES(latents, LATENTS, features, FEATURES, call);                                            \
        BAD_PARAMS_POINTER(params, call);                                                                        \
        REFUSED_WITH(params.similarity, SAEK_SIMILARITY_COSINE + 1, UNKNOWN_VALUE, SIMILARITY, call);            \
        REFUSED_WITH(params.threads, 2, OUT_OF_RANGE, THREADS, call);                                            \
        REFUSED_WITH(best_of_rows, OFF_BY_ONE_BYTE(bests), MISALIGNED, BEST_OF_ROWS, call);                      \
        BAD_POINTER(uniqueness, UNIQUENESS, call);                                                               \
        REFUSED_WITH(latents, (real *)best_of_rows, OVERLAP, BEST_OF_ROWS, call);                                \
        REFUSED_WITH(features, (real *)uniqueness, OVERLAP, UNIQUENESS, call);                                   \
        REFUSED_WITH(uniqueness, (double *)(best_of_rows + 1), OVERLAP, UNIQUENESS, call);                       \
        REFUSED_WITH(best_of_rows, (int64_t *)workspace, OVERLAP, WORKSPACE, call);                              \
        REFUSED_WITH(uniqueness, (double *)workspace, OVERLAP, WORKSPACE, call);                                 \
        RELEASE();                                                                                               \
    }

BAD_FEATURE_UNIQUENESS(f32, float,
                       saek_feature_uniqueness_f32(latents, latents_rows, latents_stride, features, features_rows,
                                                   features_stride, cols, p, best_of_rows, uniqueness, workspace,
                                                   workspace_bytes))
BAD_FEATURE_UNIQUENESS(f64, double,
                       saek_feature_uniqueness_f64(latents, latents_rows, latents_stride, features, features_rows,
                                                   features_stride, cols, p, best_of_rows, uniqueness, workspace,
                                                   workspace_bytes))

/* It counts bytes, so only half the address space is too much. */
static void bad_uniqueness_of_matches_workspace(void) {
    size_t n = 3;
    BAD_QUERY_POINTERS(saek_uniqueness_of_matches_workspace(n, bytes, align));
    REFUSED_WITH(n, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, saek_uniqueness_of_matches_workspace(n, bytes, align));
    REFUSED_WITH(n, TOO_MANY(char), SIZE_OVERFLOW, WORKSPACE, saek_uniqueness_of_matches_workspace(n, bytes, align));
    RELEASE();
}

BAD_QUERY_1(ordering_of_matches_workspace, WORKSPACE)

/* What is known already is the same for both functions; `output` is where they write. */
#define BAD_OF_MATCHES(function, written, output, argument, call)                                                \
    static void bad_##function(void) {                                                                           \
        int64_t bests[] = {2, 0, 2, 1}, *best_of_rows = bests;                                                   \
        written answer[ROOM], *output = answer;                                                                  \
        size_t latents_rows = 4, features_rows = 3;                                                              \
        WORKSPACE(saek_##function##_workspace(features_rows, bytes, align));                                     \
        GUARD_CONTENTS(bests);                                                                                   \
        GUARD(answer);                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_POINTER(best_of_rows, BEST_OF_ROWS, call);                                                           \
        BAD_POINTER(output, argument, call);                                                                     \
        REFUSED_WITH(latents_rows, 0, EMPTY, BEST_OF_ROWS, call);                                                \
        REFUSED_WITH(latents_rows, SIZE_MAX, SIZE_OVERFLOW, BEST_OF_ROWS, call);                                 \
        REFUSED_WITH(latents_rows, TOO_MANY(int64_t), SIZE_OVERFLOW, BEST_OF_ROWS, call);                        \
        REFUSED_WITH(features_rows, 0, EMPTY, FEATURES, call);                                                   \
        REFUSED_WITH(features_rows, 2, INDEX_OUT_OF_RANGE, BEST_OF_ROWS, call);                                  \
        REFUSED_WITH(features_rows, 3000, WORKSPACE_TOO_SMALL, WORKSPACE, call);                                 \
        REFUSED_WITH(features_rows, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, call);                                   \
        REFUSED_WITH(bests[3], 3, INDEX_OUT_OF_RANGE, BEST_OF_ROWS, call);                                       \
        REFUSED_WITH(bests[0], -1, INDEX_OUT_OF_RANGE, BEST_OF_ROWS, call);                                      \
        REFUSED_WITH(bests[0], INT64_MIN, INDEX_OUT_OF_RANGE, BEST_OF_ROWS, call);                               \
        REFUSED_WITH(bests[0], INT64_MAX, INDEX_OUT_OF_RANGE, BEST_OF_ROWS, call);                               \
        REFUSED_WITH(best_of_rows, (int64_t *)output, OVERLAP, argument, call);                                  \
        REFUSED_WITH(best_of_rows, (int64_t *)workspace, OVERLAP, WORKSPACE, call);                              \
        REFUSED_WITH(output, (written *)workspace, OVERLAP, WORKSPACE, call);                                    \
        BAD_WORKSPACE(call);                                                                                     \
        RELEASE();                                                                                               \
    }

BAD_OF_MATCHES(uniqueness_of_matches, double, uniqueness, UNIQUENESS,
               saek_uniqueness_of_matches(best_of_rows, latents_rows, features_rows, uniqueness, workspace,
                                          workspace_bytes))
BAD_OF_MATCHES(ordering_of_matches, int64_t, ordering, ORDERING,
               saek_ordering_of_matches(best_of_rows, latents_rows, features_rows, ordering, workspace,
                                        workspace_bytes))

/* The faults of the two numbers that correlation statistics write. */
#define BAD_MEAN_AND_RMS(input, real, call)                                                                      \
    BAD_POINTER(mean, MEAN, call);                                                                               \
    BAD_POINTER(rms, RMS, call);                                                                                 \
    REFUSED_WITH(input, (real *)mean, OVERLAP, MEAN, call);                                                      \
    REFUSED_WITH(input, (real *)rms, OVERLAP, RMS, call);                                                        \
    REFUSED_WITH(rms, mean, OVERLAP, RMS, call)

#define BAD_CORRELATION_STATISTICS(type, real, call)                                                             \
    static void bad_correlation_statistics_##type(void) {                                                        \
        real values[] = {1, 0.5, 9, 0.5, 1, 9}, *correlation = values;                                           \
        double means[ROOM], squares[ROOM], *mean = means, *rms = squares;                                        \
        size_t count = 2, correlation_stride = 3;                                                                \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD(means);                                                                                            \
        GUARD(squares);                                                                                          \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(correlation, count, correlation_stride, CORRELATION, call);                                   \
        REFUSED_WITH(count, 0, EMPTY, CORRELATION, call);                                                        \
        REFUSED_WITH(count, 1, OUT_OF_RANGE, COUNT, call);                                                       \
        REFUSED_WITH(count, 4, STRIDE, CORRELATION, call);                                                       \
        NOT_FINITE(values[0], CORRELATION, call);                                                                \
        NOT_FINITE(values[3], CORRELATION, call);                                                                \
        BAD_MEAN_AND_RMS(correlation, real, call);                                                               \
        RELEASE();                                                                                               \
    }

BAD_CORRELATION_STATISTICS(f32, float,
                           saek_correlation_statistics_f32(correlation, count, correlation_stride, mean, rms))
BAD_CORRELATION_STATISTICS(f64, double,
                           saek_correlation_statistics_f64(correlation, count, correlation_stride, mean, rms))

static void beyond_double_precision(void) {
    double values[] = {1, 1e200, 1e200, 1}, *mean = values + 1, *rms = values + 2, answer[2];
    double *correlation = values;
    GUARD_CONTENTS(values);
    GUARD(answer);
    mean = answer;
    rms = answer + 1;
    REFUSED(OUT_OF_RANGE, CORRELATION, saek_correlation_statistics_f64(correlation, 2, 2, mean, rms));
    RELEASE();
}

BAD_QUERY_1(low_rank_correlation_statistics_f32_workspace, WORKSPACE)
BAD_QUERY_1(low_rank_correlation_statistics_f64_workspace, WORKSPACE)

#define BAD_LOW_RANK(type, real, call)                                                                           \
    static void bad_low_rank_correlation_statistics_##type(void) {                                               \
        real values[] = {0.5, 0.25, 9, 0, 0.5, 9, 0.25, 0, 9}, *factor = values;                                 \
        double means[ROOM], squares[ROOM], *mean = means, *rms = squares;                                        \
        size_t count = 3, rank = 2, factor_stride = 3;                                                           \
        WORKSPACE(saek_low_rank_correlation_statistics_##type##_workspace(rank, bytes, align));                  \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD(means);                                                                                            \
        GUARD(squares);                                                                                          \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(factor, rank, factor_stride, FACTOR, call);                                                   \
        BAD_ROWS(count, FACTOR, call);                                                                           \
        REFUSED_WITH(count, 1, OUT_OF_RANGE, COUNT, call);                                                       \
        REFUSED_WITH(rank, 0, EMPTY, FACTOR, call);                                                              \
        REFUSED_WITH(rank, 4, STRIDE, FACTOR, call);                                                             \
        NOT_FINITE(values[0], FACTOR, call);                                                                     \
        NOT_FINITE(values[7], FACTOR, call);                                                                     \
        BAD_MEAN_AND_RMS(factor, real, call);                                                                    \
        REFUSED_WITH(factor, (real *)workspace, OVERLAP, WORKSPACE, call);                                       \
        REFUSED_WITH(mean, (double *)workspace, OVERLAP, WORKSPACE, call);                                       \
        REFUSED_WITH(rms, (double *)workspace, OVERLAP, WORKSPACE, call);                                        \
        BAD_WORKSPACE(call);                                                                                     \
        RELEASE();                                                                                               \
    }

BAD_LOW_RANK(f32, float,
             saek_low_rank_correlation_statistics_f32(factor, count, rank, factor_stride, mean, rms, workspace,
                                                      workspace_bytes))
BAD_LOW_RANK(f64, double,
             saek_low_rank_correlation_statistics_f64(factor, count, rank, factor_stride, mean, rms, workspace,
                                                      workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_superposition_params_init();
    bad_superposition_init();
    bad_superposition_f32_workspace();
    bad_superposition_f64_workspace();
    bad_superposition_f32();
    bad_superposition_f64();
    bad_feature_uniqueness_f32_workspace();
    bad_feature_uniqueness_f64_workspace();
    bad_feature_uniqueness_f32();
    bad_feature_uniqueness_f64();
    bad_uniqueness_of_matches_workspace();
    bad_ordering_of_matches_workspace();
    bad_uniqueness_of_matches();
    bad_ordering_of_matches();
    bad_correlation_statistics_f32();
    bad_correlation_statistics_f64();
    beyond_double_precision();
    bad_low_rank_correlation_statistics_f32_workspace();
    bad_low_rank_correlation_statistics_f64_workspace();
    bad_low_rank_correlation_statistics_f32();
    bad_low_rank_correlation_statistics_f64();
    return finish();
}
