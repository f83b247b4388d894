/* Many assignment problems in one call: known answers, and the same as one by one. */
#include "known.h"

#include <string.h>

enum { COUNT = 40, ROWS = 6, COLS = 9, STRIDE = 11 };

static void two_problems_have_known_answers(void) {
    /* The cheapest pairs: 1 + 2 of the first, 1 + 1 of the second. */
    const double costs[] = {4, 1, 3, 2, 0, 5, 1, 2, 3, 3, 2, 1};
    int64_t row_to_col[4];
    double objectives[2];
    WORKSPACE(saek_assignment_batch_f64_workspace, 2, 2, 3, 1);
    OK(saek_assignment_batch_f64(costs, 2, 2, 3, 3, NULL, 1, row_to_col, objectives, workspace, bytes));
    CHECK(row_to_col[0] == 1 && row_to_col[1] == 0 && row_to_col[2] == 0 && row_to_col[3] == 2);
    CHECK(objectives[0] == 3 && objectives[1] == 2);
    free_workspace();
}

static void a_batch_is_its_problems(void) {
    static float costs[COUNT * ROWS * STRIDE];
    static int64_t together[COUNT * ROWS];
    double objectives[COUNT], objective;
    uint32_t state = 1;
    size_t i, p;
    for (i = 0; i < COUNT * ROWS * STRIDE; i++) {
        state = state * 1664525u + 1013904223u;
        costs[i] = (float)(state >> 20);
    }
    {
        WORKSPACE(saek_assignment_batch_f32_workspace, COUNT, ROWS, COLS, 0);
        OK(saek_assignment_batch_f32(costs, COUNT, ROWS, COLS, STRIDE, NULL, 0, together, objectives, workspace,
                                     bytes));
        free_workspace();
    }
    {
        WORKSPACE(saek_assignment_f32_workspace, ROWS, COLS);
        for (p = 0; p < COUNT; p++) {
            const float *problem = costs + p * ROWS * STRIDE;
            int64_t alone[ROWS];
            OK(saek_assignment_f32(problem, ROWS, COLS, STRIDE, NULL, alone, NULL, NULL, NULL, &objective, workspace,
                                   bytes));
            CHECK(memcmp(alone, together + p * ROWS, sizeof alone) == 0 && objective == objectives[p]);
        }
        free_workspace();
    }
}

int main(void) {
    RUN(two_problems_have_known_answers);
    RUN(a_batch_is_its_problems);
    return finish();
}
