/* Orthogonalising in several calls and in parts: the same numbers as in one call. */
#include "known.h"

#include <string.h>

#define PARTIAL(type, real, tolerance)                                                                           \
    static void a_frame_operator_by_hand_##type(void) {                                                          \
        /* Rows (1, 2) and (3, -4), five apart. */                                                               \
        const real rows[] = {1, 2, 9, 9, 9, 3, -4};                                                              \
        real frame[4];                                                                                           \
        double row_sum[2];                                                                                       \
        WORKSPACE(saek_frame_operator_partial_##type##_workspace, 2, 2);                                         \
        OK(saek_frame_operator_partial_##type(rows, 2, 2, 5, 0, frame, row_sum, workspace, bytes));              \
        CHECK(frame[0] == 10 && frame[1] == -10 && frame[2] == -10 && frame[3] == 20);                           \
        CHECK(row_sum[0] == 4 && row_sum[1] == -2);                                                              \
        free_workspace();                                                                                        \
    }
BOTH(PARTIAL)

enum { N = 40, D = 6, FIRST = 25, STEPS = 8 };

#define IN_PARTS(type, real, tolerance)                                                                          \
    static void in_parts_##type(void) {                                                                          \
        static real start[N * D], whole[N * D], parts[N * D];                                                    \
        static real moments[2][2 * N * D], frames[2][D * D], frame[D * D];                                       \
        double sums[2][D], sum[D], loss[2];                                                                      \
        const size_t first[2] = {0, FIRST}, rows[2] = {FIRST, N - FIRST};                                        \
        saek_orthogonalise_params params;                                                                        \
        saek_orthogonalise_apply_params apply;                                                                   \
        int step, part, i;                                                                                       \
        OK(saek_random_unit_rows_##type(5, 0, 0, start, N, D, D));                                               \
        OK(saek_orthogonalise_params_init(&params));                                                             \
        OK(saek_orthogonalise_apply_params_init(&apply));                                                        \
        CHECK(apply.struct_size == sizeof apply && apply.threads == 0);                                          \
        params.steps = STEPS;                                                                                    \
        params.target_cosine = apply.target_cosine = 0.1;                                                        \
        memcpy(whole, start, sizeof whole);                                                                      \
        {                                                                                                        \
            WORKSPACE(saek_orthogonalise_##type##_workspace, N, D);                                              \
            OK(saek_orthogonalise_##type(whole, N, D, D, &params, NULL, NULL, workspace, bytes));                \
            free_workspace();                                                                                    \
        }                                                                                                        \
        memcpy(parts, start, sizeof parts);                                                                      \
        memset(moments, 0, sizeof moments);                                                                      \
        OK(saek_normalise_rows_##type(parts, N, D, D));                                                          \
        {                                                                                                        \
            WORKSPACE(saek_orthogonalise_apply_##type##_workspace, FIRST, D);                                    \
            for (part = 0; part < 2; part++) {                                                                   \
                OK(saek_frame_operator_partial_##type(parts + first[part] * D, rows[part], D, D, 1, frames[part],\
                                                      sums[part], workspace, bytes));                            \
            }                                                                                                    \
            for (step = 0; step < STEPS; step++) {                                                               \
                for (i = 0; i < D * D; i++) {                                                                    \
                    frame[i] = frames[0][i] + frames[1][i];                                                      \
                }                                                                                                \
                for (i = 0; i < D; i++) {                                                                        \
                    sum[i] = sums[0][i] + sums[1][i];                                                            \
                }                                                                                                \
                for (part = 0; part < 2; part++) {                                                               \
                    /* After the last step nothing more is wanted. */                                            \
                    int last = step + 1 == STEPS;                                                                \
                    OK(saek_orthogonalise_apply_##type(parts + first[part] * D, rows[part], D, D, moments[part], \
                                                       step, frame, sum, N, last ? NULL : frames[part],          \
                                                       last ? NULL : sums[part], &apply, last ? NULL : &loss[part],\
                                                       workspace, bytes));                                       \
                }                                                                                                \
                /* Random rows begin far from the target; the loss falls. */                                     \
                CHECK(loss[0] + loss[1] > 0 && loss[0] + loss[1] < N * N);                                       \
            }                                                                                                    \
            free_workspace();                                                                                    \
        }                                                                                                        \
        OK(saek_normalise_rows_##type(parts, N, D, D));                                                          \
        for (i = 0; i < N * D; i++) {                                                                            \
            NEAR(parts[i], whole[i], 100 * tolerance);                                                           \
        }                                                                                                        \
        CHECK(memcmp(parts, start, sizeof parts) != 0);                                                          \
    }
BOTH(IN_PARTS)

#define RESUMED(type, real, tolerance)                                                                           \
    static void in_several_calls_##type(void) {                                                                  \
        static real start[N * D], whole[N * D], resumed[N * D], moments[2 * N * D];                              \
        saek_orthogonalise_params params;                                                                        \
        saek_orthogonalise_resume_params some;                                                                   \
        saek_orthogonalise_state state;                                                                          \
        OK(saek_random_unit_rows_##type(5, 0, 0, start, N, D, D));                                               \
        OK(saek_orthogonalise_params_init(&params));                                                             \
        OK(saek_orthogonalise_resume_params_init(&some));                                                        \
        OK(saek_orthogonalise_state_init(&state));                                                               \
        CHECK(some.struct_size == sizeof some && some.steps == 200 && some.relative_tolerance == 0);             \
        CHECK(state.struct_size == sizeof state && state.step == 0 && state.converged == 0);                     \
        params.steps = STEPS;                                                                                    \
        memcpy(whole, start, sizeof whole);                                                                      \
        {                                                                                                        \
            WORKSPACE(saek_orthogonalise_##type##_workspace, N, D);                                              \
            OK(saek_orthogonalise_##type(whole, N, D, D, &params, NULL, NULL, workspace, bytes));                \
            free_workspace();                                                                                    \
        }                                                                                                        \
        memcpy(resumed, start, sizeof resumed);                                                                  \
        memset(moments, 0, sizeof moments);                                                                      \
        {                                                                                                        \
            WORKSPACE(saek_orthogonalise_resume_##type##_workspace, N, D);                                       \
            for (some.steps = 3; state.step < STEPS; some.steps = STEPS - 3) {                                   \
                OK(saek_orthogonalise_resume_##type(resumed, N, D, D, moments, &state, &some, NULL, NULL, workspace,\
                                                    bytes));                                                     \
            }                                                                                                    \
            CHECK(state.step == STEPS && state.loss > 0 && state.converged == 0);                                \
            OK(saek_normalise_rows_##type(resumed, N, D, D));                                                    \
            CHECK(memcmp(whole, resumed, sizeof whole) == 0);                                                    \
            /* Rows of squared length g in a tight frame have loss f g^2 + N^2 (g - 1)^2, f = N^2/D - N; the least\
             * over g is f N^2 / (f + N^2), and the loss ceases to change not far above. */                      \
            some.steps = 10000;                                                                                  \
            some.relative_tolerance = 1e-4;                                                                      \
            OK(saek_orthogonalise_state_init(&state));                                                           \
            memset(moments, 0, sizeof moments);                                                                  \
            OK(saek_orthogonalise_resume_##type(resumed, N, D, D, moments, &state, &some, NULL, NULL, workspace, \
                                                bytes));                                                         \
            CHECK(state.converged == 1 && state.step < 10000);                                                   \
            NEAR(state.loss, 198.54, 6);                                                                         \
            free_workspace();                                                                                    \
        }                                                                                                        \
    }
BOTH(RESUMED)

int main(void) {
    RUN_BOTH(a_frame_operator_by_hand);
    RUN_BOTH(in_parts);
    RUN_BOTH(in_several_calls);
    return finish();
}
