/* Orthogonalises a dictionary whose rows lie on many machines, and checks that they do what one would.
 *
 *   mpirun -n 4 orthogonalise [rows] [cols] [steps]
 *
 * Each rank makes its rows, adds up its part of the frame operator E^T E, and moves its rows; all that travels in a
 * step is the cols x cols frame operator, the sum of the rows, and the loss. At the end rank 0 gathers the rows, does
 * the same alone, and compares. In double precision: only the rounding of sums differs, which Adam enlarges where a
 * gradient is near zero.
 */
#include "sae_kernels.h"

#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

/* How far elements may be from those of one rank: roundings of 1e-16, enlarged over the steps. */
#define TOLERANCE 1e-9

static void check(saek_status status, const char *what) {
    if (status != SAEK_STATUS_OK) {
        fprintf(stderr, "%s: %s %s\n", what, saek_status_argument(status), saek_status_string(status));
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
}

/* `bytes` bytes at a multiple of `align`; `*block` is what to free. */
static void *allocate(size_t bytes, size_t align, void **block) {
    unsigned char *start = malloc(bytes + align);
    if (start == NULL) {
        fprintf(stderr, "no memory\n");
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    *block = start;
    return start + (align - (size_t)start % align) % align;
}

static double *numbers(size_t count) {
    double *values = calloc(count > 0 ? count : 1, sizeof *values);
    if (values == NULL) {
        fprintf(stderr, "no memory\n");
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    return values;
}

/* The first row of a rank. */
static size_t first_row(size_t total, int rank, int ranks) {
    return total * (size_t)rank / (size_t)ranks;
}

/* Makes and orthogonalises the rows that fall to this rank of `comm`; gives the loss before the last step. */
static double orthogonalise(MPI_Comm comm, double *rows, size_t total, size_t d, unsigned steps) {
    int rank, ranks;
    size_t first, n, bytes, align;
    double *moments, *frame, *next, loss = 0, share = 0;
    void *workspace, *block;
    unsigned step;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    first = first_row(total, rank, ranks);
    n = first_row(total, rank + 1, ranks) - first;
    moments = numbers(2 * n * d);
    /* The sum of the rows follows the frame operator, so that one all-reduce adds up both. */
    frame = numbers(d * d + d);
    next = numbers(d * d + d);

    /* Row i depends on the seed and on i alone, so it is the same whoever makes it. */
    check(saek_random_unit_rows_f64(1, 0, first, rows, n, d, d), "random rows");
    check(saek_orthogonalise_apply_f64_workspace(n, d, &bytes, &align), "workspace");
    workspace = allocate(bytes, align, &block);
    check(saek_frame_operator_partial_f64(rows, n, d, d, 1, next, next + d * d, workspace, bytes), "frame operator");
    for (step = 0; step < steps; step++) {
        MPI_Allreduce(next, frame, (int)(d * d + d), MPI_DOUBLE, MPI_SUM, comm);
        check(saek_orthogonalise_apply_f64(rows, n, d, d, moments, step, frame, frame + d * d, total, next,
                                           next + d * d, NULL, &share, workspace, bytes),
              "step");
    }
    MPI_Allreduce(&share, &loss, 1, MPI_DOUBLE, MPI_SUM, comm);
    check(saek_normalise_rows_f64(rows, n, d, d), "normalise");
    free(block);
    free(next);
    free(frame);
    free(moments);
    return loss;
}

int main(int argc, char **argv) {
    int rank, ranks, r, failed = 0;
    size_t total, d, n, i;
    unsigned steps;
    double *rows, *gathered, *alone, loss, loss_alone, worst = 0;
    int *counts, *offsets;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    total = argc > 1 ? strtoul(argv[1], NULL, 10) : 3000;
    d = argc > 2 ? strtoul(argv[2], NULL, 10) : 64;
    steps = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 50;
    if (total < (size_t)ranks || d < 1 || total > 2147483647 / d || d > 32768) {
        fprintf(stderr, "usage: orthogonalise [rows >= ranks] [cols] [steps]\n");
        MPI_Abort(MPI_COMM_WORLD, 2);
    }

    n = first_row(total, rank + 1, ranks) - first_row(total, rank, ranks);
    rows = numbers(n * d);
    loss = orthogonalise(MPI_COMM_WORLD, rows, total, d, steps);

    counts = malloc(2 * (size_t)ranks * sizeof *counts);
    if (counts == NULL) {
        MPI_Abort(MPI_COMM_WORLD, 1);
        return 1;
    }
    offsets = counts + ranks;
    for (r = 0; r < ranks; r++) {
        offsets[r] = (int)(first_row(total, r, ranks) * d);
        counts[r] = (int)(first_row(total, r + 1, ranks) * d) - offsets[r];
    }
    gathered = numbers(rank == 0 ? total * d : 0);
    MPI_Gatherv(rows, (int)(n * d), MPI_DOUBLE, gathered, counts, offsets, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    if (rank == 0) {
        alone = numbers(total * d);
        loss_alone = orthogonalise(MPI_COMM_SELF, alone, total, d, steps);
        for (i = 0; i < total * d; i++) {
            worst = fmax(worst, fabs(gathered[i] - alone[i]));
        }
        failed = !(worst <= TOLERANCE) || !(fabs(loss - loss_alone) <= TOLERANCE * loss_alone);
        printf("%d ranks, %lu x %lu, %u steps: loss %.9f, alone %.9f; elements differ by %.1e at most: %s\n", ranks,
               (unsigned long)total, (unsigned long)d, steps, loss, loss_alone, worst, failed ? "FAILED" : "ok");
        free(alone);
    }
    MPI_Bcast(&failed, 1, MPI_INT, 0, MPI_COMM_WORLD);
    free(gathered);
    free(counts);
    free(rows);
    MPI_Finalize();
    return failed;
}
