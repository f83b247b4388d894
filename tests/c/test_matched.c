/* The matching of two dictionaries without the matrix of their cosines: answers found by hand, and those of the
 * functions that form the matrix. */
#include "known.h"

#define BY_HAND(type, real, tolerance)                                                                           \
    static void two_vectors_find_their_partners_##type(void) {                                                   \
        /* Cosines: 0.8, -0.6, 7 / sqrt 50 and 5 / 13, -12 / 13, 17 / (13 sqrt 2): both want the third. */       \
        const real a[] = {3, 4, 7, 12, 5, 7}, b[] = {0, 2, -5, 0, 1, 1};                                         \
        const double third = 7 / sqrt(50.0), other_third = 17 / (13 * sqrt(2.0));                                \
        int64_t row_to_col[3], best_of_rows[3], best_of_cols[3];                                                 \
        double u[3], v[3], total;                                                                                \
        saek_match_params params;                                                                                \
        saek_certificate c;                                                                                      \
        WORKSPACE(saek_match_dictionaries_##type##_workspace, 2, 3, 2);                                          \
        OK(saek_match_params_init(&params));                                                                     \
        CHECK(params.struct_size == sizeof params && params.threads == 0);                                       \
        CHECK(params.similarity == SAEK_SIMILARITY_ABSOLUTE_COSINE);                                             \
        OK(saek_certificate_init(&c));                                                                           \
        OK(saek_match_dictionaries_##type(a, 2, 3, b, 3, 2, 2, &params, row_to_col, u, v, best_of_rows,          \
                                          best_of_cols, &total, workspace, bytes));                              \
        NEAR(total, third + 12.0 / 13, tolerance);                                                               \
        CHECK(row_to_col[0] == 2 && row_to_col[1] == 1);                                                         \
        CHECK(best_of_rows[0] == 2 && best_of_rows[1] == 2);                                                     \
        CHECK(best_of_cols[0] == 0 && best_of_cols[1] == 1 && best_of_cols[2] == 0);                             \
        CHECK(v[0] == 0 && v[1] >= 0 && v[2] >= 0);                                                              \
        NEAR(u[0] + u[1] + v[0] + v[1] + v[2], total, tolerance);                                                \
        OK(saek_verify_matching_##type(a, 2, 3, b, 3, 2, 2, NULL, row_to_col, u, v, &c, workspace, bytes));      \
        NEAR(c.objective, total, tolerance);                                                                     \
        NEAR(c.gap, 0, tolerance);                                                                               \
        NEAR(c.infeasibility, 0, tolerance);                                                                     \
        NEAR(c.slackness, 0, tolerance);                                                                         \
        /* The other way about. */                                                                               \
        OK(saek_match_dictionaries_##type(b, 3, 2, a, 2, 3, 2, NULL, row_to_col, v, u, best_of_rows,             \
                                          best_of_cols, &total, workspace, bytes));                              \
        NEAR(total, third + 12.0 / 13, tolerance);                                                               \
        CHECK(row_to_col[0] == -1 && row_to_col[1] == 1 && row_to_col[2] == 0);                                  \
        CHECK(best_of_rows[0] == 0 && best_of_rows[1] == 1 && best_of_rows[2] == 0);                             \
        CHECK(best_of_cols[0] == 2 && best_of_cols[1] == 2);                                                     \
        OK(saek_verify_matching_##type(b, 3, 2, a, 2, 3, 2, NULL, row_to_col, v, u, &c, workspace, bytes));      \
        NEAR(c.objective, total, tolerance);                                                                     \
        NEAR(c.gap, 0, tolerance);                                                                               \
        NEAR(c.infeasibility, 0, tolerance);                                                                     \
        /* With signs, the second of b is the worst for both. */                                                 \
        params.similarity = SAEK_SIMILARITY_COSINE;                                                              \
        OK(saek_match_dictionaries_##type(a, 2, 3, b, 3, 2, 2, &params, row_to_col, u, v, best_of_rows,          \
                                          best_of_cols, &total, workspace, bytes));                              \
        NEAR(total, 0.8 + other_third, tolerance);                                                               \
        CHECK(row_to_col[0] == 0 && row_to_col[1] == 2);                                                         \
        CHECK(best_of_rows[0] == 2 && best_of_rows[1] == 2);                                                     \
        CHECK(best_of_cols[0] == 0 && best_of_cols[1] == 0 && best_of_cols[2] == 0);                             \
        /* The same duals prove of another matching what it lacks. */                                            \
        row_to_col[0] = 2;                                                                                       \
        row_to_col[1] = 0;                                                                                       \
        OK(saek_verify_matching_##type(a, 2, 3, b, 3, 2, 2, &params, row_to_col, u, v, &c, workspace, bytes));   \
        NEAR(c.objective, third + 5.0 / 13, tolerance);                                                          \
        NEAR(c.gap, total - c.objective, tolerance);                                                             \
        NEAR(c.infeasibility, 0, tolerance);                                                                     \
        OK(saek_match_dictionaries_##type(a, 2, 3, b, 3, 2, 2, &params, NULL, NULL, NULL, NULL, NULL, &total,    \
                                          workspace, bytes));                                                    \
        NEAR(total, 0.8 + other_third, tolerance);                                                               \
        free_workspace();                                                                                        \
    }
BOTH(BY_HAND)

enum { N = 130, M = 200, D = 7 };

#define WITH_MATRIX(type, real, tolerance)                                                                       \
    static void the_matrix_gives_the_same_##type(void) {                                                         \
        static real a[N * D], b[M * D], cosines[N * M];                                                          \
        int64_t row_to_col[N], of_matrix[N];                                                                     \
        double u[N], v[M], total, objective, mcc;                                                                \
        saek_match_params params;                                                                                \
        saek_assignment_params greatest;                                                                         \
        saek_certificate c;                                                                                      \
        int i;                                                                                                   \
        OK(saek_match_params_init(&params));                                                                     \
        OK(saek_assignment_params_init(&greatest));                                                              \
        OK(saek_certificate_init(&c));                                                                           \
        greatest.sense = SAEK_SENSE_MAXIMISE;                                                                    \
        OK(saek_random_unit_rows_##type(1, 0, 0, a, N, D, D));                                                   \
        OK(saek_random_unit_rows_##type(2, 0, 0, b, M, D, D));                                                   \
        {                                                                                                        \
            WORKSPACE(saek_match_dictionaries_##type##_workspace, N, M, D);                                      \
            params.similarity = SAEK_SIMILARITY_COSINE;                                                          \
            OK(saek_match_dictionaries_##type(a, N, D, b, M, D, D, &params, row_to_col, u, v, NULL, NULL, &total,\
                                              workspace, bytes));                                                \
            OK(saek_verify_matching_##type(a, N, D, b, M, D, D, &params, row_to_col, u, v, &c, workspace, bytes));\
            NEAR(c.objective, total, 1e-12);                                                                     \
            NEAR(c.gap, 0, 1e-12);                                                                               \
            NEAR(c.infeasibility, 0, 1e-14);                                                                     \
            free_workspace();                                                                                    \
        }                                                                                                        \
        {                                                                                                        \
            WORKSPACE(saek_cosine_similarities_##type##_workspace, N, M, D);                                     \
            OK(saek_cosine_similarities_##type(a, N, D, b, M, D, D, cosines, M, workspace, bytes));              \
            free_workspace();                                                                                    \
        }                                                                                                        \
        {                                                                                                        \
            WORKSPACE(saek_assignment_##type##_workspace, N, M);                                                 \
            OK(saek_assignment_##type(cosines, N, M, M, &greatest, of_matrix, NULL, NULL, NULL, &objective,      \
                                      workspace, bytes));                                                        \
            free_workspace();                                                                                    \
        }                                                                                                        \
        NEAR(total, objective, N * tolerance);                                                                   \
        for (i = 0; i < N; i++) {                                                                                \
            CHECK(row_to_col[i] == of_matrix[i]);                                                                \
        }                                                                                                        \
        {                                                                                                        \
            WORKSPACE(saek_match_dictionaries_##type##_workspace, N, M, D);                                      \
            OK(saek_match_dictionaries_##type(a, N, D, b, M, D, D, NULL, NULL, NULL, NULL, NULL, NULL, &total,   \
                                              workspace, bytes));                                                \
            free_workspace();                                                                                    \
        }                                                                                                        \
        {                                                                                                        \
            WORKSPACE(saek_mcc_##type##_workspace, N, M, D);                                                     \
            OK(saek_mcc_##type(a, N, D, b, M, D, D, &mcc, NULL, workspace, bytes));                              \
            free_workspace();                                                                                    \
        }                                                                                                        \
        NEAR(total / N, mcc, tolerance);                                                                         \
    }
BOTH(WITH_MATRIX)

int main(void) {
    RUN_BOTH(two_vectors_find_their_partners);
    RUN_BOTH(the_matrix_gives_the_same);
    return finish();
}
