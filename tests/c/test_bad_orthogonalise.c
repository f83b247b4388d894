/* The bad-input table of the functions that orthogonalise in several calls and on many machines. */
#include "refuse_groups.h"

BAD_PARAMS_INIT(orthogonalise_resume)
BAD_PARAMS_INIT(orthogonalise_apply)

static void bad_orthogonalise_state_init(void) {
    saek_orthogonalise_state state;
    GUARD(state);
    ACCEPTED(saek_orthogonalise_state_init(&state));
    REFUSED(NULL_POINTER, STATE, saek_orthogonalise_state_init(NULL));
    REFUSED(MISALIGNED, STATE, saek_orthogonalise_state_init(OFF_BY_ONE_BYTE(&state)));
    RELEASE();
}

#define BAD_WORKSPACE_QUERY(function)                                                                            \
    BAD_QUERY_2(function, DICTIONARY)                                                                            \
    static void bad_size_##function(void) {                                                                      \
        size_t rows = 2, cols = 3, bytes = 7, align = 7;                                                         \
        GUARD_CONTENTS(bytes);                                                                                   \
        GUARD_CONTENTS(align);                                                                                   \
        REFUSED_WITH(rows, 0, EMPTY, DICTIONARY, saek_##function(rows, cols, &bytes, &align));                   \
        REFUSED_WITH(cols, 0, EMPTY, DICTIONARY, saek_##function(rows, cols, &bytes, &align));                   \
        RELEASE();                                                                                               \
    }

/* The rows would fit into the address space, but not a frame operator. */
#define BAD_FRAME_QUERY(function)                                                                                \
    BAD_WORKSPACE_QUERY(function)                                                                                \
    static void bad_frame_##function(void) {                                                                     \
        size_t cols = SIZE_MAX / 128, bytes = 7, align = 7;                                                      \
        GUARD_CONTENTS(bytes);                                                                                   \
        GUARD_CONTENTS(align);                                                                                   \
        REFUSED(SIZE_OVERFLOW, WORKSPACE, saek_##function(2, cols, &bytes, &align));                             \
        RELEASE();                                                                                               \
    }

BAD_FRAME_QUERY(frame_operator_partial_f32_workspace)
BAD_FRAME_QUERY(frame_operator_partial_f64_workspace)
BAD_FRAME_QUERY(orthogonalise_apply_f32_workspace)
BAD_FRAME_QUERY(orthogonalise_apply_f64_workspace)
BAD_WORKSPACE_QUERY(orthogonalise_resume_f32_workspace)
BAD_WORKSPACE_QUERY(orthogonalise_resume_f64_workspace)

/* Two rows of three, four apart, in `values`. */
#define BAD_ROWS_OF_A_DICTIONARY(threads, call)                                                                  \
    BAD_MATRIX(dictionary, cols, stride, DICTIONARY, call);                                                      \
    BAD_ROWS(rows, DICTIONARY, call);                                                                            \
    REFUSED_WITH(cols, 0, EMPTY, DICTIONARY, call);                                                              \
    REFUSED_WITH(cols, stride + 1, STRIDE, DICTIONARY, call);                                                    \
    NOT_FINITE(values[0], DICTIONARY, call);                                                                     \
    NOT_FINITE(values[6], DICTIONARY, call);                                                                     \
    REFUSED_WITH(threads, 2, OUT_OF_RANGE, THREADS, call)

#define BAD_PARTIAL(type, real, call)                                                                            \
    static void bad_frame_operator_partial_##type(void) {                                                        \
        real values[9] = {3, 4, 0, 9, 0, 5, 12, 9, 9}, *dictionary = values;                                     \
        real frames[9], *frame = frames;                                                                         \
        double sums[3], *row_sum = sums;                                                                         \
        size_t rows = 2, cols = 3, stride = 4;                                                                   \
        uint32_t threads = 1;                                                                                    \
        WORKSPACE(saek_frame_operator_partial_##type##_workspace(rows, cols, bytes, align));                     \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD(frames);                                                                                           \
        GUARD(sums);                                                                                             \
        ACCEPTED(call);                                                                                          \
        BAD_ROWS_OF_A_DICTIONARY(threads, call);                                                                 \
        BAD_POINTER(frame, FRAME, call);                                                                         \
        REFUSED_WITH(frame, values, OVERLAP, FRAME, call);                                                       \
        BAD_POINTER(row_sum, ROW_SUM, call);                                                                     \
        REFUSED_WITH(row_sum, (double *)(void *)frames, OVERLAP, ROW_SUM, call);                                 \
        BAD_WORKSPACE(call);                                                                                     \
        REFUSED_WITH(dictionary, (real *)workspace, OVERLAP, WORKSPACE, call);                                   \
        RELEASE();                                                                                               \
    }

BAD_PARTIAL(f32, float,
            saek_frame_operator_partial_f32(dictionary, rows, cols, stride, threads, frame, row_sum, workspace,
                                            workspace_bytes))
BAD_PARTIAL(f64, double,
            saek_frame_operator_partial_f64(dictionary, rows, cols, stride, threads, frame, row_sum, workspace,
                                            workspace_bytes))

#define BAD_APPLY(type, real, call)                                                                              \
    static void bad_orthogonalise_apply_##type(void) {                                                           \
        real values[9] = {3, 4, 0, 9, 0, 5, 12, 9, 9}, *dictionary = values;                                     \
        real m[12] = {0}, *moments = m;                                                                          \
        /* Aligned as doubles are, which a case puts there. */                                                   \
        union { real x[9]; double aligned; } given = {{1, 0, 0, 0, 1, 0, 0, 0, 1}}, next;                        \
        real *frame = given.x, *next_frame = next.x;                                                             \
        double sums[3] = {1, 2, 3}, next_sums[3], losses[1];                                                     \
        double *row_sum = sums, *next_row_sum = next_sums, *loss = losses;                                       \
        size_t rows = 2, cols = 3, stride = 4;                                                                   \
        uint64_t step = 0, total = 2;                                                                            \
        saek_orthogonalise_apply_params params, *p = &params;                                                    \
        WORKSPACE(saek_orthogonalise_apply_##type##_workspace(rows, cols, bytes, align));                        \
        saek_orthogonalise_apply_params_init(&params);                                                           \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD_CONTENTS(m);                                                                                       \
        GUARD_CONTENTS(given);                                                                                   \
        GUARD_CONTENTS(sums);                                                                                    \
        GUARD(next);                                                                                             \
        GUARD(next_sums);                                                                                        \
        GUARD(losses);                                                                                           \
        GUARD_CONTENTS(params);                                                                                  \
        ACCEPTED(call);                                                                                          \
        BAD_ROWS_OF_A_DICTIONARY(params.threads, call);                                                          \
        BAD_POINTER(moments, MOMENTS, call);                                                                     \
        NOT_FINITE(m[0], MOMENTS, call);                                                                         \
        NOT_FINITE(m[11], MOMENTS, call);                                                                        \
        REFUSED_WITH(m[6], -1, OUT_OF_RANGE, MOMENTS, call);                                                     \
        REFUSED_WITH(moments, values, OVERLAP, MOMENTS, call);                                                   \
        REFUSED_WITH(step, UINT64_MAX, OUT_OF_RANGE, STEP, call);                                                \
        BAD_POINTER(frame, FRAME, call);                                                                         \
        NOT_FINITE(given.x[8], FRAME, call);                                                                     \
        REFUSED_WITH(frame, values, OVERLAP, FRAME, call);                                                       \
        BAD_POINTER(row_sum, ROW_SUM, call);                                                                     \
        NOT_FINITE(sums[2], ROW_SUM, call);                                                                      \
        REFUSED_WITH(total, 1, OUT_OF_RANGE, TOTAL, call);                                                       \
        BAD_POINTER(next_frame, NEXT_FRAME, call);                                                               \
        REFUSED_WITH(next_frame, frame, OVERLAP, NEXT_FRAME, call);                                              \
        BAD_POINTER(next_row_sum, NEXT_ROW_SUM, call);                                                           \
        REFUSED_WITH(next_row_sum, row_sum, OVERLAP, NEXT_ROW_SUM, call);                                        \
        REFUSED_WITH(next_row_sum, (double *)(void *)&next, OVERLAP, NEXT_ROW_SUM, call);                        \
        BAD_PARAMS_POINTER(params, call);                                                                        \
        NOT_FINITE(params.target_cosine, TARGET_COSINE, call);                                                   \
        OUTSIDE(params.target_cosine, -1, 1, TARGET_COSINE, call);                                               \
        NOT_FINITE(params.learning_rate, LEARNING_RATE, call);                                                   \
        REFUSED_WITH(params.learning_rate, -1e-9, OUT_OF_RANGE, LEARNING_RATE, call);                            \
        REFUSED_WITH(loss, OFF_BY_ONE_BYTE(loss), MISALIGNED, LOSS, call);                                       \
        REFUSED_WITH(loss, sums, OVERLAP, LOSS, call);                                                           \
        BAD_WORKSPACE(call);                                                                                     \
        REFUSED_WITH(dictionary, (real *)workspace, OVERLAP, WORKSPACE, call);                                   \
        RELEASE();                                                                                               \
    }

BAD_APPLY(f32, float,
          saek_orthogonalise_apply_f32(dictionary, rows, cols, stride, moments, step, frame, row_sum, total, next_frame,
                                       next_row_sum, p, loss, workspace, workspace_bytes))
BAD_APPLY(f64, double,
          saek_orthogonalise_apply_f64(dictionary, rows, cols, stride, moments, step, frame, row_sum, total, next_frame,
                                       next_row_sum, p, loss, workspace, workspace_bytes))

#define BAD_RESUME(type, real, call)                                                                             \
    static void bad_orthogonalise_resume_##type(void) {                                                          \
        real values[9] = {3, 4, 0, 9, 0, 5, 12, 9, 9}, *dictionary = values;                                     \
        real m[12] = {0}, *moments = m;                                                                          \
        size_t rows = 2, cols = 3, stride = 4;                                                                   \
        saek_orthogonalise_state states[1], *state = states;                                                     \
        saek_orthogonalise_resume_params params, *p = &params;                                                   \
        WORKSPACE(saek_orthogonalise_resume_##type##_workspace(rows, cols, bytes, align));                       \
        saek_orthogonalise_resume_params_init(&params);                                                          \
        saek_orthogonalise_state_init(state);                                                                    \
        params.steps = 2;                                                                                        \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD_CONTENTS(m);                                                                                       \
        GUARD_CONTENTS(states);                                                                                  \
        GUARD_CONTENTS(params);                                                                                  \
        ACCEPTED(call);                                                                                          \
        BAD_ROWS_OF_A_DICTIONARY(params.threads, call);                                                          \
        BAD_POINTER(moments, MOMENTS, call);                                                                     \
        NOT_FINITE(m[0], MOMENTS, call);                                                                         \
        NOT_FINITE(m[11], MOMENTS, call);                                                                        \
        REFUSED_WITH(m[6], -1, OUT_OF_RANGE, MOMENTS, call);                                                     \
        REFUSED_WITH(moments, values, OVERLAP, MOMENTS, call);                                                   \
        BAD_POINTER(state, STATE, call);                                                                         \
        REFUSED_WITH(states[0].struct_size, 0, STRUCT_SIZE, STATE, call);                                        \
        REFUSED_WITH(states[0].struct_size, 7, STRUCT_SIZE, STATE, call);                                        \
        REFUSED_WITH(states[0].struct_size, UINT32_MAX, STRUCT_SIZE, STATE, call);                               \
        REFUSED_WITH(states[0].step, UINT64_MAX - 2, OUT_OF_RANGE, STEP, call);                                  \
        REFUSED_WITH(params.steps, UINT64_MAX, OUT_OF_RANGE, STEP, call);                                        \
        states[0].step = 3;                                                                                      \
        NOT_FINITE(states[0].loss, LOSS, call);                                                                  \
        states[0].step = 0;                                                                                      \
        take_guards();                                                                                           \
        BAD_PARAMS_POINTER(params, call);                                                                        \
        NOT_FINITE(params.target_cosine, TARGET_COSINE, call);                                                   \
        OUTSIDE(params.target_cosine, -1, 1, TARGET_COSINE, call);                                               \
        NOT_FINITE(params.learning_rate, LEARNING_RATE, call);                                                   \
        REFUSED_WITH(params.learning_rate, -1e-9, OUT_OF_RANGE, LEARNING_RATE, call);                            \
        NOT_FINITE(params.relative_tolerance, RELATIVE_TOLERANCE, call);                                         \
        REFUSED_WITH(params.relative_tolerance, -1e-9, OUT_OF_RANGE, RELATIVE_TOLERANCE, call);                  \
        BAD_WORKSPACE(call);                                                                                     \
        REFUSED_WITH(dictionary, (real *)workspace, OVERLAP, WORKSPACE, call);                                   \
        REFUSED_WITH(moments, (real *)workspace, OVERLAP, WORKSPACE, call);                                      \
        RELEASE();                                                                                               \
    }

BAD_RESUME(f32, float,
           saek_orthogonalise_resume_f32(dictionary, rows, cols, stride, moments, state, p, NULL, NULL, workspace,
                                         workspace_bytes))
BAD_RESUME(f64, double,
           saek_orthogonalise_resume_f64(dictionary, rows, cols, stride, moments, state, p, NULL, NULL, workspace,
                                         workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_orthogonalise_resume_params_init();
    bad_orthogonalise_apply_params_init();
    bad_orthogonalise_state_init();
    bad_frame_operator_partial_f32_workspace();
    bad_size_frame_operator_partial_f32_workspace();
    bad_frame_frame_operator_partial_f32_workspace();
    bad_frame_operator_partial_f64_workspace();
    bad_size_frame_operator_partial_f64_workspace();
    bad_frame_frame_operator_partial_f64_workspace();
    bad_orthogonalise_apply_f32_workspace();
    bad_size_orthogonalise_apply_f32_workspace();
    bad_frame_orthogonalise_apply_f32_workspace();
    bad_orthogonalise_apply_f64_workspace();
    bad_size_orthogonalise_apply_f64_workspace();
    bad_frame_orthogonalise_apply_f64_workspace();
    bad_orthogonalise_resume_f32_workspace();
    bad_size_orthogonalise_resume_f32_workspace();
    bad_orthogonalise_resume_f64_workspace();
    bad_size_orthogonalise_resume_f64_workspace();
    bad_frame_operator_partial_f32();
    bad_frame_operator_partial_f64();
    bad_orthogonalise_apply_f32();
    bad_orthogonalise_apply_f64();
    bad_orthogonalise_resume_f32();
    bad_orthogonalise_resume_f64();
    return finish();
}
