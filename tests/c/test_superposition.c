/* Superposition, uniqueness and correlation statistics: answers found by hand. */
#include "known.h"

#define SUPERPOSITION(type, real, tolerance)                                                                     \
    static void three_vectors_interfere_##type(void) {                                                           \
        /* Cosines: 0.6 of the first two, 0 of the first with the third, -0.8 of the last two. */                \
        const real dictionary[] = {2, 0, 9, 3, 4, 9, 0, -7, 9};                                                  \
        const double wanted[] = {100, 25};                                                                       \
        real max[3], percentiles[6];                                                                             \
        double means[2];                                                                                         \
        saek_superposition s;                                                                                    \
        saek_superposition_params params;                                                                        \
        WORKSPACE(saek_superposition_##type##_workspace, 3, 2, 2);                                               \
        OK(saek_superposition_params_init(&params));                                                             \
        CHECK(params.struct_size == sizeof params && params.threads == 0);                                       \
        OK(saek_superposition_init(&s));                                                                         \
        CHECK(s.struct_size == sizeof s && s.coherence == 0);                                                    \
        OK(saek_superposition_##type(dictionary, 3, 2, 3, wanted, 2, &params, max, percentiles, means, &s,       \
                                     workspace, bytes));                                                         \
        CHECK(s.struct_size == sizeof s);                                                                        \
        NEAR(max[0], 0.6, tolerance);                                                                            \
        NEAR(max[1], 0.8, tolerance);                                                                            \
        NEAR(max[2], 0.8, tolerance);                                                                            \
        /* (0, 0.6), (0.6, 0.8), (0, 0.8): the greatest, and a quarter of the way from the least to it. */       \
        NEAR(percentiles[0], 0.6, tolerance);                                                                    \
        NEAR(percentiles[1], 0.15, tolerance);                                                                   \
        NEAR(percentiles[2], 0.8, tolerance);                                                                    \
        NEAR(percentiles[3], 0.65, tolerance);                                                                   \
        NEAR(percentiles[4], 0.8, tolerance);                                                                    \
        NEAR(percentiles[5], 0.2, tolerance);                                                                    \
        NEAR(means[0], 2.2 / 3, tolerance);                                                                      \
        NEAR(means[1], 1.0 / 3, tolerance);                                                                      \
        NEAR(s.mean_max, 2.2 / 3, tolerance);                                                                    \
        NEAR(s.mean_absolute, 1.4 / 3, tolerance);                                                               \
        NEAR(s.frame_potential, 2, 4 * tolerance);                                                               \
        NEAR(s.rms, sqrt(1.0 / 3), tolerance);                                                                   \
        NEAR(s.coherence, 0.8, tolerance);                                                                       \
        NEAR(s.welch_bound, 0.5, tolerance);                                                                     \
        /* Percentiles 95 and 99 by default, of two values; none at all. */                                      \
        OK(saek_superposition_##type(dictionary, 3, 2, 3, NULL, 2, NULL, NULL, percentiles, NULL, &s, workspace, \
                                     bytes));                                                                    \
        NEAR(percentiles[0], 0.95 * 0.6, tolerance);                                                             \
        NEAR(percentiles[1], 0.99 * 0.6, tolerance);                                                             \
        OK(saek_superposition_##type(dictionary, 3, 2, 3, NULL, 0, NULL, NULL, NULL, means, &s, workspace,       \
                                     bytes));                                                                    \
        NEAR(means[0], 2.2 / 3, tolerance);                                                                      \
        NEAR(s.mean_max, 2.2 / 3, tolerance);                                                                    \
        free_workspace();                                                                                        \
    }
BOTH(SUPERPOSITION)

#define UNIQUENESS(type, real, tolerance)                                                                        \
    static void two_latents_share_a_feature_##type(void) {                                                       \
        const real latents[] = {0, 3, 1, 5, 2, -9}, features[] = {1, 0, 1, 1, 0, 1};                             \
        int64_t best[3], ordering[3], direct[3];                                                                 \
        double uniqueness, of_matches, total;                                                                    \
        saek_match_params params;                                                                                \
        OK(saek_match_params_init(&params));                                                                     \
        {                                                                                                        \
            WORKSPACE(saek_feature_uniqueness_##type##_workspace, 3, 3, 2);                                      \
            OK(saek_feature_uniqueness_##type(latents, 3, 2, features, 3, 2, 2, NULL, best, &uniqueness,         \
                                              workspace, bytes));                                                \
            /* (0, 3), (1, 5) and (2, -9) are all nearest to the third. */                                       \
            NEAR(uniqueness, 1.0 / 3, tolerance);                                                                \
            CHECK(best[0] == 2 && best[1] == 2 && best[2] == 2);                                                 \
            params.similarity = SAEK_SIMILARITY_COSINE;                                                          \
            OK(saek_feature_uniqueness_##type(latents, 3, 2, features, 3, 2, 2, &params, NULL, &uniqueness,      \
                                              workspace, bytes));                                                \
            NEAR(uniqueness, 2.0 / 3, tolerance);                                                                \
            free_workspace();                                                                                    \
        }                                                                                                        \
        {                                                                                                        \
            /* With signs the third is nearest to the first. */                                                  \
            WORKSPACE(saek_match_dictionaries_##type##_workspace, 3, 3, 2);                                      \
            OK(saek_match_dictionaries_##type(latents, 3, 2, features, 3, 2, 2, &params, NULL, NULL, NULL, best, \
                                              NULL, &total, workspace, bytes));                                  \
            CHECK(best[0] == 2 && best[1] == 2 && best[2] == 0);                                                 \
            free_workspace();                                                                                    \
        }                                                                                                        \
        {                                                                                                        \
            WORKSPACE(saek_uniqueness_of_matches_workspace, 3);                                                  \
            OK(saek_uniqueness_of_matches(best, 3, 3, &of_matches, workspace, bytes));                           \
            CHECK(of_matches == uniqueness);                                                                     \
            free_workspace();                                                                                    \
        }                                                                                                        \
        {                                                                                                        \
            WORKSPACE(saek_ordering_of_matches_workspace, 3);                                                    \
            OK(saek_ordering_of_matches(best, 3, 3, ordering, workspace, bytes));                                \
            CHECK(ordering[0] == 2 && ordering[1] == 0 && ordering[2] == 1);                                     \
            free_workspace();                                                                                    \
        }                                                                                                        \
        {                                                                                                        \
            WORKSPACE(saek_best_ordering_##type##_workspace, 3, 3, 2);                                           \
            OK(saek_best_ordering_##type(latents, 3, 2, features, 3, 2, 2, direct, workspace, bytes));           \
            CHECK(direct[0] == 0 && direct[1] == 1 && direct[2] == 2);                                           \
            free_workspace();                                                                                    \
        }                                                                                                        \
    }
BOTH(UNIQUENESS)

#define CORRELATIONS(type, real, tolerance)                                                                      \
    static void low_rank_is_as_dense_##type(void) {                                                              \
        /* Inner products of the rows: 0.25, -0.125 twice. */                                                    \
        const real factor[] = {0.5, 0.5, 0.5, 0, -0.25, 0}, correlation[] = {1, 0.25, -0.125, 0.25, 1, -0.125,   \
                                                                             -0.125, -0.125, 1};                 \
        double mean, rms, low_rank_mean, low_rank_rms;                                                           \
        OK(saek_correlation_statistics_##type(correlation, 3, 3, &mean, &rms));                                  \
        NEAR(mean, 0, tolerance);                                                                                \
        NEAR(rms, sqrt(0.09375 / 3), tolerance);                                                                 \
        {                                                                                                        \
            WORKSPACE(saek_low_rank_correlation_statistics_##type##_workspace, 2);                               \
            OK(saek_low_rank_correlation_statistics_##type(factor, 3, 2, 2, &low_rank_mean, &low_rank_rms,       \
                                                           workspace, bytes));                                   \
            NEAR(low_rank_mean, mean, 1e-15);                                                                    \
            NEAR(low_rank_rms, rms, 1e-15);                                                                      \
            /* The first two rows alone, no more than the rank. */                                               \
            OK(saek_low_rank_correlation_statistics_##type(factor, 2, 2, 2, &mean, &rms, workspace, bytes));     \
            NEAR(mean, 0.25, 0);                                                                                 \
            NEAR(rms, 0.25, 0);                                                                                  \
            free_workspace();                                                                                    \
        }                                                                                                        \
    }
BOTH(CORRELATIONS)

int main(void) {
    RUN_BOTH(three_vectors_interfere);
    RUN_BOTH(two_latents_share_a_feature);
    RUN_BOTH(low_rank_is_as_dense);
    return finish();
}
