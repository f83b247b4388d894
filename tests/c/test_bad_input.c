/* The bad-input table of the functions that put a status into words. The tables of the kernels are in the other
 * test_bad_ programs; tests/run checks that together they have every function. */
#include "refuse.h"

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

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_status_functions();
    return finish();
}
