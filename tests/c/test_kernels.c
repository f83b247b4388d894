/* Kernels on small problems whose answers are known, called from C in both precisions: probabilities and schedules,
 * dictionaries, matching, correlation, hierarchies. */
#include "known.h"

#include <string.h>

static void warm_up_and_decay_are_linear(void) {
    const double expected[] = {0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 2.0 / 3, 1.0 / 3, 0, 0};
    double factor;
    uint64_t step;
    for (step = 0; step < 12; step++) {
        OK(saek_linear_warm_up_and_decay(step, 10, 4, 3, &factor));
        NEAR(factor, expected[step], 1e-15);
    }
}

#define PROBABILITIES(type, real, tolerance)                                                                  \
    static void probabilities_lie_where_they_should_##type(void) {                                            \
        /* The first numbers of torch.rand after torch.manual_seed(0), to four digits. */                      \
        const double uniform[] = {0.4963, 0.7682, 0.0885, 0.1320};                                            \
        saek_random_params params;                                                                            \
        real p[4];                                                                                            \
        int i;                                                                                                \
        OK(saek_linear_##type(p, 4, NULL));                                                                   \
        for (i = 0; i < 4; i++) {                                                                             \
            NEAR(p[i], 0.3 - 0.29 * i / 3, tolerance);                                                        \
        }                                                                                                     \
        OK(saek_random_params_init(&params));                                                                 \
        CHECK(params.struct_size == sizeof params && params.source == SAEK_SOURCE_PCG64);                     \
        OK(saek_random_##type(p, 4, &params));                                                                \
        for (i = 0; i < 4; i++) {                                                                             \
            CHECK(p[i] >= (real)0.01 && p[i] < (real)0.5 && (i == 0 || p[i] != p[i - 1]));                    \
        }                                                                                                     \
        params.source = SAEK_SOURCE_MT19937;                                                                  \
        OK(saek_random_##type(p, 4, &params));                                                                \
        for (i = 0; i < 4; i++) {                                                                             \
            NEAR(p[i], 0.01 + 0.49 * uniform[i], 0.49 * 0.5001e-4);                                           \
        }                                                                                                     \
    }
BOTH(PROBABILITIES)

#define UNIT_ROWS(type, real, tolerance)                                                                      \
    static void rows_become_unit_vectors_##type(void) {                                                       \
        real matrix[] = {3, -4, 7, 0, 5, 7, 0, 0, 7};                                                         \
        const double expected[] = {0.6, -0.8, 7, 0, 1, 7, 0, 0, 7};                                           \
        real whole[5 * 3], parts[5 * 3];                                                                      \
        int i;                                                                                                \
        OK(saek_normalise_rows_##type(matrix, 3, 2, 3));                                                      \
        for (i = 0; i < 9; i++) {                                                                             \
            NEAR(matrix[i], expected[i], tolerance);                                                          \
        }                                                                                                     \
        OK(saek_random_unit_rows_##type(1, 2, 10, whole, 5, 3, 3));                                           \
        OK(saek_random_unit_rows_##type(1, 2, 10, parts, 2, 3, 3));                                           \
        OK(saek_random_unit_rows_##type(1, 2, 12, parts + 6, 3, 3, 3));                                       \
        CHECK(memcmp(whole, parts, sizeof whole) == 0);                                                       \
        for (i = 0; i < 5; i++) {                                                                             \
            const real *e = whole + 3 * i;                                                                    \
            NEAR(e[0] * e[0] + e[1] * e[1] + e[2] * e[2], 1, tolerance);                                      \
        }                                                                                                     \
    }
BOTH(UNIT_ROWS)

/* What a progress callback has heard, and after how many steps it asks to stop. */
struct heard {
    uint64_t steps, stop_after;
    double first_loss, last_loss;
    int sound;
};

static int hear(void *context, const saek_progress *progress) {
    struct heard *heard = (struct heard *)context;
    heard->steps++;
    heard->sound = heard->sound && progress->struct_size == sizeof *progress && progress->step == heard->steps &&
                   progress->total == 50;
    if (heard->steps == 1) {
        heard->first_loss = progress->loss;
    }
    heard->last_loss = progress->loss;
    return heard->steps == heard->stop_after;
}

#define ORTHOGONALISE(type, real, tolerance)                                                                  \
    /* The sum of the squared cosines of different rows; checks that all have unit length. */                  \
    static double overlap_##type(const real *e) {                                                             \
        double sum = 0;                                                                                       \
        int i, j, k;                                                                                          \
        for (i = 0; i < 4; i++) {                                                                             \
            for (j = 0; j < 4; j++) {                                                                         \
                double product = 0;                                                                           \
                for (k = 0; k < 6; k++) {                                                                     \
                    product += (double)e[6 * i + k] * e[6 * j + k];                                           \
                }                                                                                             \
                if (i == j) {                                                                                 \
                    NEAR(product, 1, tolerance);                                                              \
                } else {                                                                                      \
                    sum += product * product;                                                                 \
                }                                                                                             \
            }                                                                                                 \
        }                                                                                                     \
        return sum;                                                                                           \
    }                                                                                                         \
    static void orthogonalising_lowers_the_loss_##type(void) {                                                \
        real start[4 * 6], e[4 * 6];                                                                          \
        struct heard heard = {0, 0, 0, 0, 1};                                                                 \
        saek_orthogonalise_params params;                                                                     \
        double before, after;                                                                                 \
        WORKSPACE(saek_orthogonalise_##type##_workspace, 4, 6);                                               \
        OK(saek_orthogonalise_params_init(&params));                                                          \
        CHECK(params.struct_size == sizeof params && params.steps == 200);                                    \
        params.steps = 50;                                                                                    \
        OK(saek_random_unit_rows_##type(3, 0, 0, start, 4, 6, 6));                                            \
        memcpy(e, start, sizeof e);                                                                           \
        before = overlap_##type(e);                                                                           \
        OK(saek_orthogonalise_##type(e, 4, 6, 6, &params, hear, &heard, workspace, bytes));                   \
        after = overlap_##type(e);                                                                            \
        CHECK(after < 0.1 * before);                                                                          \
        CHECK(heard.sound && heard.steps == 50);                                                              \
        NEAR(heard.first_loss, before, 10 * tolerance);                                                       \
        CHECK(heard.last_loss < 0.1 * heard.first_loss);                                                      \
                                                                                                              \
        /* A callback that asks to stop is heard at once, and what is left is a dictionary. */                 \
        memcpy(e, start, sizeof e);                                                                           \
        heard.steps = 0;                                                                                      \
        heard.stop_after = 7;                                                                                 \
        CHECK(saek_orthogonalise_##type(e, 4, 6, 6, &params, hear, &heard, workspace, bytes) ==               \
              SAEK_STATUS(SAEK_STATUS_CANCELLED, SAEK_ARGUMENT_PROGRESS));                                    \
        CHECK(heard.sound && heard.steps == 7);                                                               \
        CHECK(overlap_##type(e) < before && memcmp(e, start, sizeof e) != 0);                                 \
                                                                                                              \
        memcpy(e, start, sizeof e);                                                                           \
        params.learning_rate = 1e300;                                                                         \
        CHECK(saek_orthogonalise_##type(e, 4, 6, 6, &params, NULL, NULL, workspace, bytes) ==                 \
              SAEK_STATUS(SAEK_STATUS_DIVERGED, SAEK_ARGUMENT_LEARNING_RATE));                                \
        free_workspace();                                                                                     \
    }
BOTH(ORTHOGONALISE)

#define ASSIGNMENT(type, real, tolerance)                                                                     \
    static void an_assignment_is_proved_by_its_duals_##type(void) {                                           \
        /* By hand: the six assignments cost 6, 11, 5, 9, 7 and 6, so each optimum is the only one. */         \
        const real costs[] = {4, 1, 3, 2, 0, 5, 3, 2, 2};                                                     \
        const int64_t best[2][3] = {{1, 0, 2}, {0, 2, 1}};                                                    \
        const double value[2] = {5, 11};                                                                      \
        int64_t row_to_col[3], col_to_row[3];                                                                 \
        double u[3], v[3], objective;                                                                         \
        saek_assignment_params params;                                                                        \
        uint32_t sense;                                                                                       \
        int i, j;                                                                                             \
        WORKSPACE(saek_assignment_##type##_workspace, 3, 3);                                                  \
        OK(saek_assignment_params_init(&params));                                                             \
        CHECK(params.struct_size == sizeof params && params.sense == SAEK_SENSE_MINIMISE);                    \
        for (sense = SAEK_SENSE_MINIMISE; sense <= SAEK_SENSE_MAXIMISE; sense++) {                            \
            double sign = sense == SAEK_SENSE_MINIMISE ? 1 : -1;                                              \
            params.sense = sense;                                                                             \
            OK(saek_assignment_##type(costs, 3, 3, 3, &params, row_to_col, col_to_row, u, v, &objective,      \
                                      workspace, bytes));                                                     \
            CHECK(objective == value[sense]);                                                                 \
            CHECK(u[0] + u[1] + u[2] + v[0] + v[1] + v[2] == objective);                                      \
            for (i = 0; i < 3; i++) {                                                                         \
                CHECK(row_to_col[i] == best[sense][i]);                                                       \
                CHECK(col_to_row[row_to_col[i]] == i);                                                        \
                CHECK(u[i] + v[row_to_col[i]] == costs[3 * i + row_to_col[i]]);                               \
                for (j = 0; j < 3; j++) {                                                                     \
                    CHECK(sign * (u[i] + v[j]) <= sign * costs[3 * i + j]);                                   \
                }                                                                                             \
            }                                                                                                 \
        }                                                                                                     \
        free_workspace();                                                                                     \
    }                                                                                                         \
    static void a_certificate_bounds_what_is_left_##type(void) {                                              \
        /* The assignment of cost 4 + 0, where 1 + 2 is the least; the duals prove that. */                   \
        const real costs[] = {4, 1, 5, 9, 2, 0, INFINITY, 9};                                                 \
        const int64_t best[] = {1, 0}, other[] = {0, 1};                                                      \
        const double u[] = {4, 2}, v[] = {0, -3, 0}, none[3] = {0, 0, 0};                                     \
        saek_certificate c;                                                                                   \
        WORKSPACE(saek_verify_assignment_##type##_workspace, 3);                                              \
        OK(saek_certificate_init(&c));                                                                        \
        CHECK(c.struct_size == sizeof c && c.reserved == 0 && c.objective == 0 && c.slackness == 0);          \
        OK(saek_verify_assignment_##type(costs, 2, 3, 4, SAEK_SENSE_MINIMISE, best, u, v, &c, workspace,      \
                                         bytes));                                                             \
        CHECK(c.objective == 3 && c.dual_objective == 3);                                                     \
        CHECK(c.gap == 0 && c.infeasibility == 0 && c.slackness == 0);                                        \
        OK(saek_verify_assignment_##type(costs, 2, 3, 4, SAEK_SENSE_MINIMISE, other, u, v, &c, workspace,     \
                                         bytes));                                                             \
        CHECK(c.objective == 4 && c.dual_objective == 3);                                                     \
        CHECK(c.gap == 1 && c.infeasibility == 0 && c.slackness == 1);                                        \
        /* The greatest cost of the first row is 5: the bound is -4 + 3 * 5 without duals. */                 \
        OK(saek_verify_assignment_##type(costs, 1, 3, 4, SAEK_SENSE_MAXIMISE, other, none, none, &c,          \
                                         workspace, bytes));                                                  \
        CHECK(c.objective == 4 && c.dual_objective == 0);                                                     \
        CHECK(c.gap == -4 && c.infeasibility == 5 && c.slackness == 4);                                       \
        free_workspace();                                                                                     \
    }                                                                                                         \
    static void the_longer_side_has_lines_left_over_##type(void) {                                            \
        const real costs[] = {4, 1, 5, 2, 0, INFINITY};                                                       \
        int64_t row_to_col[2], col_to_row[3];                                                                 \
        double v[3], objective;                                                                               \
        WORKSPACE(saek_assignment_##type##_workspace, 2, 3);                                                  \
        OK(saek_assignment_##type(costs, 2, 3, 3, NULL, row_to_col, col_to_row, NULL, v, &objective,          \
                                  workspace, bytes));                                                         \
        CHECK(objective == 3 && row_to_col[0] == 1 && row_to_col[1] == 0);                                    \
        CHECK(col_to_row[0] == 1 && col_to_row[1] == 0 && col_to_row[2] == -1);                               \
        CHECK(v[0] <= 0 && v[1] <= 0 && v[2] == 0);                                                           \
        OK(saek_assignment_##type(costs, 2, 3, 3, NULL, row_to_col, NULL, NULL, NULL, &objective, workspace,  \
                                  bytes));                                                                    \
        CHECK(objective == 3 && row_to_col[0] == 1 && row_to_col[1] == 0);                                    \
        free_workspace();                                                                                     \
    }
BOTH(ASSIGNMENT)

#define PERMUTED(type, real, tolerance)                                                                       \
    static void a_permuted_dictionary_is_recognised_##type(void) {                                            \
        /* Row i of b is row order[i] of a, with another sign and another length. */                           \
        const int64_t order[] = {2, 0, 3, 1};                                                                 \
        const real scale[] = {-1, 3, (real)-0.25, 1};                                                         \
        real a[4 * 5], b[4 * 6], cosines[4 * 5];                                                              \
        int64_t row_to_col[4], ordering[4];                                                                   \
        double mcc;                                                                                           \
        int i, j;                                                                                             \
        OK(saek_random_unit_rows_##type(5, 0, 0, a, 4, 5, 5));                                                \
        for (i = 0; i < 4; i++) {                                                                             \
            for (j = 0; j < 5; j++) {                                                                         \
                b[6 * i + j] = scale[i] * a[5 * order[i] + j];                                                \
            }                                                                                                 \
            b[6 * i + 5] = NAN;                                                                               \
        }                                                                                                     \
        {                                                                                                     \
            WORKSPACE(saek_cosine_similarities_##type##_workspace, 4, 4, 5);                                  \
            for (i = 0; i < 4 * 5; i++) {                                                                     \
                cosines[i] = 7;                                                                               \
            }                                                                                                 \
            OK(saek_cosine_similarities_##type(a, 4, 5, b, 4, 6, 5, cosines, 5, workspace, bytes));           \
            for (i = 0; i < 4; i++) {                                                                         \
                NEAR(cosines[5 * order[i] + i], scale[i] < 0 ? -1 : 1, tolerance);                            \
                CHECK(cosines[5 * i + 4] == 7);                                                               \
            }                                                                                                 \
            free_workspace();                                                                                 \
        }                                                                                                     \
        {                                                                                                     \
            WORKSPACE(saek_mcc_##type##_workspace, 4, 4, 5);                                                  \
            OK(saek_mcc_##type(a, 4, 5, b, 4, 6, 5, &mcc, row_to_col, workspace, bytes));                     \
            NEAR(mcc, 1, tolerance);                                                                          \
            for (i = 0; i < 4; i++) {                                                                         \
                CHECK(row_to_col[order[i]] == i);                                                             \
            }                                                                                                 \
            OK(saek_mcc_##type(a, 4, 5, a, 4, 5, 5, &mcc, NULL, workspace, bytes));                           \
            NEAR(mcc, 1, tolerance);                                                                          \
            free_workspace();                                                                                 \
        }                                                                                                     \
        {                                                                                                     \
            WORKSPACE(saek_best_ordering_##type##_workspace, 4, 4, 5);                                        \
            OK(saek_best_ordering_##type(b, 4, 6, a, 4, 5, 5, ordering, workspace, bytes));                   \
            for (i = 0; i < 4; i++) {                                                                         \
                CHECK(order[ordering[i]] == i);                                                               \
            }                                                                                                 \
            free_workspace();                                                                                 \
        }                                                                                                     \
    }
BOTH(PERMUTED)

#define CORRELATION(type, real, tolerance)                                                                    \
    static void a_correlation_matrix_is_repaired_##type(void) {                                               \
        /* Two features that agree with a third cannot disagree with each other so much. */                    \
        const saek_correlated_pair sound[] = {{0, 1, 0.5}, {1, 2, -0.25}};                                    \
        const saek_correlated_pair unsound[] = {{0, 1, 0.9}, {0, 2, 0.9}, {1, 2, -0.9}};                      \
        const double expected[] = {1, 0.5, 0.125, 0.5, 1, -0.25, 0.125, -0.25, 1};                            \
        real c[9], factor[9];                                                                                 \
        uint32_t repaired = 9;                                                                                \
        int i, j, k;                                                                                          \
        WORKSPACE(saek_correlation_matrix_##type##_workspace, 3);                                             \
        OK(saek_correlation_matrix_##type(sound, 2, 0.125, c, 3, 3, &repaired, workspace, bytes));            \
        CHECK(repaired == 0);                                                                                 \
        for (i = 0; i < 9; i++) {                                                                             \
            CHECK(c[i] == expected[i]);                                                                       \
        }                                                                                                     \
        OK(saek_correlation_matrix_##type(NULL, 0, 0, c, 3, 3, NULL, workspace, bytes));                      \
        CHECK(c[0] == 1 && c[1] == 0 && c[5] == 0 && c[8] == 1);                                              \
        OK(saek_correlation_matrix_##type(unsound, 3, 0, c, 3, 3, &repaired, workspace, bytes));              \
        free_workspace();                                                                                     \
        CHECK(repaired == 1);                                                                                 \
        CHECK(c[0] == 1 && c[4] == 1 && c[8] == 1);                                                           \
        CHECK(c[1] == c[3] && c[2] == c[6] && c[5] == c[7]);                                                  \
        CHECK(c[1] > 0 && c[1] < (real)0.9 && c[5] < 0 && c[5] > (real)-0.9);                                 \
        {                                                                                                     \
            WORKSPACE(saek_correlation_factorise_##type##_workspace, 3);                                      \
            OK(saek_correlation_factorise_##type(c, 3, 3, factor, 3, workspace, bytes));                      \
            free_workspace();                                                                                 \
        }                                                                                                     \
        CHECK(factor[1] == 0 && factor[2] == 0 && factor[5] == 0);                                            \
        for (i = 0; i < 3; i++) {                                                                             \
            for (j = 0; j < 3; j++) {                                                                         \
                double product = 0;                                                                           \
                for (k = 0; k < 3; k++) {                                                                     \
                    product += (double)factor[3 * i + k] * factor[3 * j + k];                                 \
                }                                                                                             \
                NEAR(product, c[3 * i + j], tolerance);                                                       \
            }                                                                                                 \
        }                                                                                                     \
    }                                                                                                         \
    static void correlated_samples_follow_their_thresholds_##type(void) {                                     \
        /* Always, never, and half of the time, together with the feature before it. */                        \
        const real p[] = {1, 0, 0.5, 0.5};                                                                    \
        const real factor[] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0};                               \
        const real means[] = {2, 2, 3, 4}, std_dev = 0;                                                       \
        real thresholds[4], whole[100 * 4], parts[100 * 4];                                                   \
        int k, fired = 0;                                                                                     \
        WORKSPACE(saek_sample_correlated_##type##_workspace, 4);                                              \
        OK(saek_correlation_thresholds_##type(p, 4, thresholds, 4));                                          \
        CHECK(thresholds[0] == -INFINITY && thresholds[1] == INFINITY && thresholds[2] == 0);                 \
        OK(saek_sample_correlated_##type(factor, 4, thresholds, means, 4, &std_dev, 1, 1, 2, 30, whole, 100,  \
                                         4, 4, workspace, bytes));                                            \
        for (k = 0; k < 100; k++) {                                                                           \
            const real *row = whole + 4 * k;                                                                  \
            CHECK(row[0] == 2 && row[1] == 0);                                                                \
            CHECK((row[2] == 3 && row[3] == 4) || (row[2] == 0 && row[3] == 0));                              \
            fired += row[2] > 0;                                                                              \
        }                                                                                                     \
        /* Six standard deviations around the mean. */                                                         \
        CHECK(fired > 20 && fired < 80);                                                                      \
        OK(saek_sample_correlated_##type(factor, 4, thresholds, means, 4, &std_dev, 1, 1, 2, 30, parts, 41,   \
                                         4, 4, workspace, bytes));                                            \
        OK(saek_sample_correlated_##type(factor, 4, thresholds, means, 4, &std_dev, 1, 1, 2, 71,              \
                                         parts + 41 * 4, 59, 4, 4, workspace, bytes));                        \
        CHECK(memcmp(whole, parts, sizeof whole) == 0);                                                       \
        free_workspace();                                                                                     \
    }                                                                                                         \
    static void thresholds_are_quantiles_##type(void) {                                                       \
        const real p = (real)0.025;                                                                           \
        real thresholds[2];                                                                                   \
        OK(saek_correlation_thresholds_##type(&p, 1, thresholds, 2));                                         \
        NEAR(thresholds[0], 1.959963984540054, tolerance);                                                    \
        CHECK(thresholds[1] == thresholds[0]);                                                                \
    }
BOTH(CORRELATION)

static void random_correlations_keep_to_their_numbers(void) {
    saek_random_correlations_params params;
    saek_correlated_pair pairs[64];
    size_t expected, written = 0, i, positive = 0;
    OK(saek_random_correlations_params_init(&params));
    CHECK(params.struct_size == sizeof params && params.uncorrelated_ratio == 0.3);
    OK(saek_random_correlations_len(10, &params, &expected));
    /* Of 45 pairs floor(13.5) are left out, and floor(16) of the others positive. */
    CHECK(expected == 45 - 13);
    OK(saek_random_correlations(10, &params, pairs, 64, &written));
    CHECK(written == expected);
    for (i = 0; i < written; i++) {
        double strength = fabs(pairs[i].correlation);
        CHECK(pairs[i].i < pairs[i].j && pairs[i].j < 10 && strength >= 0.1 && strength <= 0.8);
        CHECK(i == 0 || pairs[i - 1].i < pairs[i].i || (pairs[i - 1].i == pairs[i].i && pairs[i - 1].j < pairs[i].j));
        positive += pairs[i].correlation > 0;
    }
    CHECK(positive == 16);
    OK(saek_random_correlations_len(1, &params, &expected));
    CHECK(expected == 0);
    OK(saek_random_correlations(1, &params, NULL, 0, &written));
    CHECK(written == 0);
}

/* 0 has the children 1 and 2, which exclude each other; 1 has 3. Feature 4 has no node. */
static const uint32_t tree_parents[] = {SAEK_NONE, 0, 0, 1}, tree_features[] = {0, 1, 2, 3};
static const uint8_t tree_exclusive[] = {1, 0, 0, 0};

static void a_tree_is_made_from_its_edges(void) {
    const uint32_t parents[] = {1, 0, 0}, nodes[] = {3, 2, 1};
    uint32_t out[4];
    {
        WORKSPACE(saek_hierarchy_parents_from_edges_workspace, 4);
        OK(saek_hierarchy_parents_from_edges(parents, nodes, 3, out, 4, workspace, bytes));
        CHECK(memcmp(out, tree_parents, sizeof out) == 0);
        OK(saek_hierarchy_parents_from_edges(NULL, NULL, 0, out, 4, workspace, bytes));
        CHECK(out[0] == SAEK_NONE && out[3] == SAEK_NONE);
        free_workspace();
    }
    {
        WORKSPACE(saek_hierarchy_validate_workspace, 4);
        OK(saek_hierarchy_validate(tree_parents, tree_features, tree_exclusive, 4, 5, workspace, bytes));
        free_workspace();
    }
}

#define HIERARCHY(type, real, tolerance)                                                                      \
    static void children_follow_their_parents_##type(void) {                                                  \
        enum { ROWS = 60 };                                                                                   \
        /* No root; a root with one child; a child that is silent; a rivalry, many times over. */              \
        const real first[3][6] = {{0, 1, 1, 1, 5, 9}, {2, 3, 0, 4, 0, 9}, {2, 0, 3, 4, 5, 9}};                \
        const real expected[3][6] = {{0, 0, 0, 0, 5, 9}, {2, 3, 0, 4, 0, 9}, {2, 0, 3, 0, 5, 9}};             \
        const real rivals[6] = {1, 2, 3, 4, 5, 9};                                                            \
        real batch[ROWS][6], parts[ROWS][6];                                                                  \
        int k, kept = 0;                                                                                      \
        WORKSPACE(saek_hierarchy_apply_##type##_workspace, 4);                                                \
        memcpy(batch, first, sizeof first);                                                                   \
        for (k = 3; k < ROWS; k++) {                                                                          \
            memcpy(batch[k], rivals, sizeof rivals);                                                          \
        }                                                                                                     \
        memcpy(parts, batch, sizeof batch);                                                                   \
        OK(saek_hierarchy_apply_##type(tree_parents, tree_features, tree_exclusive, 4, 1, 2, 100, batch[0],   \
                                       ROWS, 5, 6, workspace, bytes));                                        \
        CHECK(memcmp(batch, expected, sizeof expected) == 0);                                                 \
        for (k = 3; k < ROWS; k++) {                                                                          \
            const real *row = batch[k];                                                                       \
            CHECK(row[0] == 1 && row[4] == 5 && row[5] == 9);                                                 \
            CHECK((row[1] == 2 && row[2] == 0 && row[3] == 4) || (row[1] == 0 && row[2] == 3 && row[3] == 0)); \
            kept += row[1] > 0;                                                                               \
        }                                                                                                     \
        /* Fair choices: six standard deviations around the mean. */                                           \
        CHECK(kept > 6 && kept < 51);                                                                         \
        OK(saek_hierarchy_apply_##type(tree_parents, tree_features, tree_exclusive, 4, 1, 2, 100, parts[0],   \
                                       11, 5, 6, workspace, bytes));                                          \
        OK(saek_hierarchy_apply_##type(tree_parents, tree_features, tree_exclusive, 4, 1, 2, 111, parts[11],  \
                                       ROWS - 11, 5, 6, workspace, bytes));                                   \
        CHECK(memcmp(batch, parts, sizeof batch) == 0);                                                       \
        free_workspace();                                                                                     \
    }
BOTH(HIERARCHY)

int main(void) {
    RUN(warm_up_and_decay_are_linear);
    RUN_BOTH(probabilities_lie_where_they_should);
    RUN_BOTH(rows_become_unit_vectors);
    RUN_BOTH(orthogonalising_lowers_the_loss);
    RUN_BOTH(an_assignment_is_proved_by_its_duals);
    RUN_BOTH(a_certificate_bounds_what_is_left);
    RUN_BOTH(the_longer_side_has_lines_left_over);
    RUN_BOTH(a_permuted_dictionary_is_recognised);
    RUN_BOTH(a_correlation_matrix_is_repaired);
    RUN_BOTH(correlated_samples_follow_their_thresholds);
    RUN_BOTH(thresholds_are_quantiles);
    RUN(random_correlations_keep_to_their_numbers);
    RUN(a_tree_is_made_from_its_edges);
    RUN_BOTH(children_follow_their_parents);
    return finish();
}
