/*
 * Times the assignment solver of sae-kernels.
 *
 * ours FLOAT COUNT ROWS COLS INPUT OUTPUT: INPUT holds COUNT matrices of ROWS by COLS costs, row after row, of type
 * FLOAT (f32 or f64). Prints the seconds that solving one matrix takes and writes the column of each row as int64,
 * -1 for none, to OUTPUT. peers/src/main.rs and python_solvers.py do the same for the other solvers.
 */

#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sae_kernels.h"

#define MAX_PASSES 100000

static void fail(const char *what)
{
    fprintf(stderr, "ours: %s\n", what);
    exit(1);
}

static void check(saek_status status)
{
    char message[256];
    if (status == SAEK_STATUS_OK)
        return;
    saek_status_message(status, message, sizeof message);
    fail(message);
}

static void *allocate(size_t align, size_t bytes)
{
    /* aligned_alloc wants a multiple of the alignment. */
    void *memory = aligned_alloc(align, (bytes + align - 1) / align * align);
    if (memory == NULL)
        fail("out of memory");
    return memory;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc != 7)
        fail("arguments: FLOAT COUNT ROWS COLS INPUT OUTPUT");
    int single = strcmp(argv[1], "f32") == 0;
    size_t count = strtoull(argv[2], NULL, 10);
    size_t rows = strtoull(argv[3], NULL, 10), cols = strtoull(argv[4], NULL, 10);
    size_t elements = count * rows * cols, size = single ? sizeof(float) : sizeof(double);

    void *costs = allocate(64, elements * size);
    FILE *input = fopen(argv[5], "rb");
    if (input == NULL || fread(costs, size, elements, input) != elements)
        fail("cannot read the input");
    fclose(input);

    size_t bytes, align;
    check(single ? saek_assignment_f32_workspace(rows, cols, &bytes, &align)
                 : saek_assignment_f64_workspace(rows, cols, &bytes, &align));
    void *workspace = allocate(align, bytes);
    int64_t *columns = allocate(64, count * rows * sizeof *columns);

    static double seconds[MAX_PASSES];
    double total = 0, objective;
    size_t passes = 0;
    /* The rule of all programs here: at least three passes and a second in all, but one alone if it took long. */
    while (passes == 0 || (seconds[0] <= 10 && passes < MAX_PASSES && (passes < 3 || total < 1))) {
        double start = now();
        for (size_t k = 0; k < count; k++) {
            size_t first = k * rows * cols;
            if (single)
                check(saek_assignment_f32((const float *)costs + first, rows, cols, cols, NULL, columns + k * rows,
                                          NULL, NULL, NULL, &objective, workspace, bytes));
            else
                check(saek_assignment_f64((const double *)costs + first, rows, cols, cols, NULL, columns + k * rows,
                                          NULL, NULL, NULL, &objective, workspace, bytes));
        }
        seconds[passes] = now() - start;
        total += seconds[passes++];
    }
    qsort(seconds, passes, sizeof *seconds, compare);
    printf("%e\n", seconds[passes / 2] / (double)count);

    FILE *output = fopen(argv[6], "wb");
    if (output == NULL || fwrite(columns, sizeof *columns, count * rows, output) != count * rows || fclose(output))
        fail("cannot write the output");
    return 0;
}
