/* Planned hierarchies: rows worked out by hand, dense rows and sparse ones against each other, forests, and rates. */
#include "known.h"

#include <string.h>

enum { NODES = 6, FEATURES = 6, MOST = 40, ROWS = 500 };

/* What `compensation` can be. */
enum { EXACT = SAEK_COMPENSATION_EXACT, APPROXIMATE = SAEK_COMPENSATION_APPROXIMATE };

/* A plan on the heap, of a forest given as arrays. */
static uint32_t *new_plan(const uint32_t *parents, const uint32_t *features, const uint8_t *exclusive,
                          const uint8_t *scaled, size_t nodes, size_t feature_count, size_t *plan_len) {
    uint32_t *plan;
    WORKSPACE(saek_plan_hierarchy_workspace, nodes);
    OK(saek_hierarchy_plan_len(nodes, plan_len));
    plan = (uint32_t *)malloc(*plan_len * sizeof *plan);
    OK(saek_plan_hierarchy(parents, features, exclusive, scaled, nodes, feature_count, plan, *plan_len, workspace, bytes));
    free_workspace();
    return plan;
}

/* Feature 0 scales its children 1 and 2; below 1 a group without a feature scales 3 and 4, which exclude each other;
 * 5 is free. */
static const uint32_t parents[NODES] = {SAEK_NONE, 0, 0, 1, 3, 3}, features[NODES] = {0, 1, 2, SAEK_NONE, 3, 4};
static const uint8_t exclusive[NODES] = {0, 0, 0, 1, 0, 0}, scaled[NODES] = {1, 0, 0, 1, 0, 0};

#define BY_HAND(type, real, tolerance)                                                                           \
    static void by_hand_##type(void) {                                                                           \
        const real means[FEATURES] = {2, 4, 0, -1, 0, 0};                                                        \
        const real expected[][FEATURES] = {                                                                      \
            /* 3 / 2 times 2 and 1; then 3 / 4 times 5. */                                                       \
            {3, 3, (real)1.5, (real)3.75, 0, 7},                                                                 \
            /* A silent root silences its tree. */                                                               \
            {0, 0, 0, 0, 0, 7},                                                                                  \
            /* A negative child is scaled like any other, but is silent. */                                      \
            {4, -2, 2, 0, 0, -7},                                                                                \
            /* Silent siblings are no rivals. */                                                                 \
            {2, 8, 0, -4, 2, 0},                                                                                 \
        };                                                                                                       \
        real rows[][FEATURES] = {{3, 2, 1, 5, 0, 7}, {0, 2, 1, 5, 6, 7}, {4, -1, 1, 5, 6, -7}, {2, 8, 0, -2, 1, 0}};\
        size_t plan_len;                                                                                         \
        uint32_t *plan = new_plan(parents, features, exclusive, scaled, NODES, FEATURES, &plan_len);             \
        WORKSPACE(saek_hierarchy_apply_planned_workspace, plan_len);                                             \
        OK(saek_hierarchy_apply_planned_##type(plan, plan_len, means, FEATURES, 1, 2, 3, rows[0], 4, FEATURES,   \
                                               FEATURES, workspace, bytes));                                     \
        CHECK(memcmp(rows, expected, sizeof rows) == 0);                                                         \
        free_workspace();                                                                                        \
        free(plan);                                                                                              \
    }

BOTH(BY_HAND)

/* Of two rivals one stays, each as often as the other; in a sparse batch it is the same one. */
#define RIVALS(type, real, tolerance)                                                                            \
    static void rivals_##type(void) {                                                                            \
        static real dense[ROWS][FEATURES], values[ROWS * FEATURES];                                              \
        static uint32_t columns[ROWS * FEATURES];                                                                \
        static int64_t offsets[ROWS + 1];                                                                        \
        const real row[FEATURES] = {2, 4, 0, 8, 16, -1}, means[FEATURES] = {2, 4, 1, 1, 1, 1};                   \
        size_t plan_len, r, nnz, first = 0;                                                                      \
        uint32_t *plan = new_plan(parents, features, exclusive, scaled, NODES, FEATURES, &plan_len);             \
        WORKSPACE(saek_hierarchy_apply_planned_workspace, plan_len);                                             \
        for (r = 0; r < ROWS; r++) {                                                                             \
            memcpy(dense[r], row, sizeof row);                                                                   \
        }                                                                                                        \
        OK(saek_csr_from_dense_##type(dense[0], ROWS, FEATURES, FEATURES, offsets, columns, values, ROWS * FEATURES));\
        OK(saek_hierarchy_apply_planned_##type(plan, plan_len, means, FEATURES, 1, 2, 3, dense[0], ROWS,         \
                                               FEATURES, FEATURES, workspace, bytes));                           \
        OK(saek_hierarchy_apply_csr_##type(plan, plan_len, means, FEATURES, 1, 2, 3, offsets, columns, values,   \
                                           ROWS * FEATURES, ROWS, FEATURES, workspace, bytes));                  \
        for (r = 0, nnz = 0; r < ROWS; r++, nnz += 4) {                                                          \
            uint32_t kept = dense[r][3] != 0 ? 3 : 4;                                                            \
            first += kept == 3;                                                                                  \
            CHECK(dense[r][0] == 2 && dense[r][1] == 4 && dense[r][2] == 0 && dense[r][5] == -1);                \
            CHECK(dense[r][kept] == row[kept] && dense[r][7 - kept] == 0);                                       \
            CHECK(offsets[r] == (int64_t)nnz && columns[nnz] == 0 && columns[nnz + 1] == 1);                     \
            CHECK(columns[nnz + 2] == kept && values[nnz + 2] == row[kept]);                                     \
            CHECK(columns[nnz + 3] == 5 && values[nnz + 3] == -1);                                               \
        }                                                                                                        \
        CHECK(offsets[ROWS] == (int64_t)nnz);                                                                    \
        /* Five standard deviations of so many tosses of a coin. */                                              \
        NEAR(first, ROWS / 2.0, 5 * sqrt(ROWS / 4.0));                                                           \
        free_workspace();                                                                                        \
        free(plan);                                                                                              \
    }

BOTH(RIVALS)

/* A forest of MOST features, made to measure, in arrays of that length. */
struct forest {
    uint32_t parents[MOST], features[MOST];
    uint8_t exclusive[MOST], scaled[MOST];
    size_t nodes;
};

static struct forest generated(void) {
    struct forest forest;
    saek_generated_forest params;
    OK(saek_generated_forest_init(&params));
    params.roots = 3;
    params.least_branching = 2;
    params.most_branching = 4;
    params.exclusive_portion = 0.5;
    params.scale_children = 1;
    OK(saek_generate_forest(&params, 1, forest.parents, forest.features, forest.exclusive, forest.scaled, MOST,
                            &forest.nodes));
    CHECK(forest.nodes > 3 * (1 + 2) && forest.nodes <= MOST);
    return forest;
}

/* The same rows dense and sparse, at once and in two batches; without scaling those that the forest's arrays give; and
 * with a generator that has the hierarchy itself. */
#define WAYS_AGREE(type, real, tolerance)                                                                        \
    static void ways_agree_##type(void) {                                                                        \
        static real drawn[ROWS * MOST], dense[ROWS * MOST], other[ROWS * MOST], values[2][ROWS * MOST];          \
        static uint32_t columns[2][ROWS * MOST];                                                                 \
        static int64_t offsets[2][ROWS + 1];                                                                     \
        const real probability = (real)0.4;                                                                      \
        real means[MOST], std_devs[MOST];                                                                        \
        struct forest f = generated();                                                                           \
        saek_firing_##type firing;                                                                               \
        saek_modifier_##type modifier;                                                                           \
        const saek_modifier_##type *modifiers = &modifier;                                                       \
        saek_generator_##type generator;                                                                         \
        size_t plan_len, bytes, align, i;                                                                        \
        uint32_t *plan = new_plan(f.parents, f.features, f.exclusive, f.scaled, f.nodes, MOST, &plan_len);       \
        void *workspace;                                                                                         \
        for (i = 0; i < MOST; i++) {                                                                             \
            means[i] = 1 + (real)i / 16;                                                                         \
            std_devs[i] = (real)(i % 3) / 2;                                                                     \
        }                                                                                                        \
        OK(saek_firing_##type##_init(&firing));                                                                  \
        firing.probabilities = &probability;                                                                     \
        firing.means = means;                                                                                    \
        firing.std_devs = std_devs;                                                                              \
        firing.probabilities_len = 1;                                                                            \
        firing.means_len = firing.std_devs_len = MOST;                                                           \
        OK(saek_sample_independent_##type(&firing, 5, 6, 7, drawn, ROWS, MOST, MOST));                           \
        OK(saek_csr_from_dense_##type(drawn, ROWS, MOST, MOST, offsets[0], columns[0], values[0], ROWS * MOST)); \
                                                                                                                 \
        OK(saek_hierarchy_apply_planned_workspace(plan_len, &bytes, &align));                                    \
        workspace = new_workspace(bytes, align);                                                                 \
        memcpy(dense, drawn, sizeof drawn);                                                                      \
        OK(saek_hierarchy_apply_planned_##type(plan, plan_len, means, MOST, 5, 6, 7, dense, ROWS, MOST, MOST,    \
                                               workspace, bytes));                                               \
        CHECK(memcmp(dense, drawn, sizeof dense) != 0);                                                          \
        OK(saek_hierarchy_apply_csr_##type(plan, plan_len, means, MOST, 5, 6, 7, offsets[0], columns[0],         \
                                           values[0], ROWS * MOST, ROWS, MOST, workspace, bytes));               \
        OK(saek_csr_from_dense_##type(dense, ROWS, MOST, MOST, offsets[1], columns[1], values[1], ROWS * MOST)); \
        CHECK(memcmp(offsets[0], offsets[1], sizeof *offsets) == 0 && offsets[0][ROWS] > ROWS);                  \
        CHECK(memcmp(columns[0], columns[1], (size_t)offsets[0][ROWS] * sizeof **columns) == 0);                 \
        CHECK(memcmp(values[0], values[1], (size_t)offsets[0][ROWS] * sizeof **values) == 0);                    \
        memcpy(other, drawn, sizeof drawn);                                                                      \
        OK(saek_hierarchy_apply_planned_##type(plan, plan_len, means, MOST, 5, 6, 7, other, 9, MOST, MOST,       \
                                               workspace, bytes));                                               \
        OK(saek_hierarchy_apply_planned_##type(plan, plan_len, means, MOST, 5, 6, 16, other + 9 * MOST,          \
                                               ROWS - 9, MOST, MOST, workspace, bytes));                         \
        CHECK(memcmp(dense, other, sizeof dense) == 0);                                                          \
        free_workspace();                                                                                        \
                                                                                                                 \
        memset(&modifier, 0, sizeof modifier);                                                                   \
        modifier.struct_size = sizeof modifier;                                                                  \
        modifier.kind = SAEK_MODIFIER_PLANNED_HIERARCHY;                                                         \
        modifier.parents = plan;                                                                                 \
        modifier.nodes = plan_len;                                                                               \
        memset(&generator, 0, sizeof generator);                                                                 \
        generator.struct_size = sizeof generator;                                                                \
        generator.features = MOST;                                                                               \
        generator.firing = &firing;                                                                              \
        generator.modifiers = &modifiers;                                                                        \
        generator.modifiers_len = 1;                                                                             \
        generator.seed = 5;                                                                                      \
        generator.stream = 6;                                                                                    \
        OK(saek_generator_sample_##type##_workspace(&generator, &bytes, &align));                                \
        workspace = new_workspace(bytes, align);                                                                 \
        OK(saek_generator_sample_##type(&generator, 7, other, ROWS, MOST, workspace, bytes));                    \
        CHECK(memcmp(dense, other, sizeof dense) == 0);                                                          \
        free_workspace();                                                                                        \
        free(plan);                                                                                              \
                                                                                                                 \
        plan = new_plan(f.parents, f.features, f.exclusive, NULL, f.nodes, MOST, &plan_len);                     \
        OK(saek_hierarchy_apply_##type##_workspace(f.nodes, &bytes, &align));                                    \
        workspace = new_workspace(bytes, align);                                                                 \
        memcpy(other, drawn, sizeof drawn);                                                                      \
        OK(saek_hierarchy_apply_planned_##type(plan, plan_len, NULL, 0, 5, 6, 7, drawn, ROWS, MOST, MOST,        \
                                               workspace, bytes));                                               \
        OK(saek_hierarchy_apply_##type(f.parents, f.features, f.exclusive, f.nodes, 5, 6, 7, other, ROWS, MOST,  \
                                       MOST, workspace, bytes));                                                 \
        CHECK(memcmp(drawn, other, sizeof drawn) == 0 && memcmp(drawn, dense, sizeof drawn) != 0);               \
        free_workspace();                                                                                        \
        free(plan);                                                                                              \
    }

BOTH(WAYS_AGREE)

/* Doubles what fires, but silences feature 1, and makes feature 4 negative, in the rows of even numbers. */
#define MODIFIED(type, real, tolerance)                                                                          \
    static int modify_##type(void *context, uint64_t row, const uint32_t *columns, real *values, size_t count) { \
        size_t k;                                                                                                \
        *(uint64_t *)context += row;                                                                             \
        for (k = 0; k < count && row % 2 == 0; k++) {                                                            \
            values[k] *= columns[k] == 1 ? 0 : columns[k] == 4 ? -1 : 2;                                         \
        }                                                                                                        \
        return 0;                                                                                                \
    }                                                                                                            \
                                                                                                                 \
    static void modified_##type(void) {                                                                          \
        /* Rows 10 to 13; the second is empty. */                                                                \
        int64_t offsets[] = {0, 3, 3, 5, 7};                                                                     \
        uint32_t columns[] = {0, 1, 4, 3, 5, 1, 4};                                                              \
        real values[] = {1, 2, 3, 4, 5, 6, -7};                                                                  \
        uint64_t sum = 0;                                                                                        \
        OK(saek_modify_csr_##type(offsets, columns, values, 7, 4, FEATURES, 10, modify_##type, &sum));           \
        CHECK(sum == 10 + 11 + 12 + 13);                                                                         \
        CHECK(offsets[0] == 0 && offsets[1] == 1 && offsets[2] == 1 && offsets[3] == 3 && offsets[4] == 4);      \
        CHECK(columns[0] == 0 && columns[1] == 3 && columns[2] == 5 && columns[3] == 1);                         \
        CHECK(values[0] == 2 && values[1] == 8 && values[2] == 10 && values[3] == 6);                            \
        /* Without a function what is left is the relu, and stored zeros go too. */                              \
        values[1] = -8;                                                                                          \
        values[3] = 0;                                                                                           \
        OK(saek_modify_csr_##type(offsets, columns, values, 7, 4, FEATURES, 10, NULL, NULL));                    \
        CHECK(offsets[0] == 0 && offsets[1] == 1 && offsets[2] == 1 && offsets[3] == 2 && offsets[4] == 2);      \
        CHECK(columns[0] == 0 && columns[1] == 5 && values[0] == 2 && values[1] == 10);                          \
    }

BOTH(MODIFIED)

/* Two trees of two children a node, as large as they get, and in too little room. */
static void forest_by_hand(void) {
    const uint32_t expected[14] = {SAEK_NONE, SAEK_NONE, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5};
    struct forest f;
    saek_generated_forest params;
    size_t room, i;
    OK(saek_generated_forest_init(&params));
    params.roots = params.least_branching = params.most_branching = 2;
    params.exclusive_portion = params.scale_children = 1;
    for (room = 1; room <= 16; room++) {
        memset(&f, 0xff, sizeof f);
        OK(saek_generate_forest(&params, 9, f.parents, f.features, f.exclusive, f.scaled, room, &f.nodes));
        CHECK(f.nodes == (room < 14 ? room : 14));
        for (i = 0; i < f.nodes; i++) {
            /* The children of node i are 2 i + 2 and 2 i + 3; those of 6 and more are too deep. */
            CHECK(f.parents[i] == expected[i] && f.features[i] == i && f.scaled[i] == (i < 6));
            CHECK(f.exclusive[i] == (i < 6 && 2 * i + 3 < f.nodes));
        }
        CHECK(f.parents[i] == UINT32_MAX && f.features[i] == UINT32_MAX && f.exclusive[i] == 255 && f.scaled[i] == 255);
    }
    params.exclusive_min_depth = 1;
    params.exclusive_max_depth = 1;
    params.scale_children = 0;
    OK(saek_generate_forest(&params, 9, f.parents, f.features, f.exclusive, f.scaled, MOST, &f.nodes));
    for (i = 0; i < 14; i++) {
        CHECK(f.exclusive[i] == (i >= 2 && i < 6) && f.scaled[i] == 0);
    }
}

/* 100 trees whose nodes have 100 children, two levels deep: more than there is room for. */
static void forest_by_default(void) {
    enum { ROOM = 12000 };
    static uint32_t parents[ROOM], features[ROOM];
    static uint8_t exclusive[ROOM], scaled[ROOM];
    saek_generated_forest params;
    size_t nodes, i, round;
    OK(saek_generated_forest_init(&params));
    CHECK(params.struct_size == sizeof params && params.roots == 100 && params.depth == 2);
    CHECK(params.least_branching == 100 && params.most_branching == 100 && params.scale_children == 0);
    CHECK(params.exclusive_portion == 0 && params.exclusive_min_depth == 0 && params.exclusive_max_depth == UINT32_MAX);
    for (round = 0; round < 2; round++) {
        OK(saek_generate_forest(round == 0 ? NULL : &params, 1, parents, features, exclusive, scaled, ROOM, &nodes));
        CHECK(nodes == ROOM);
        for (i = 0; i < ROOM; i++) {
            CHECK(parents[i] == (i < 100 ? SAEK_NONE : (uint32_t)(i / 100 - 1)) && features[i] == i);
            CHECK(exclusive[i] == 0 && scaled[i] == 0);
        }
    }
}

/* Feature 0 fires with rate 1/2; its children 1 and 2 exclude each other; 3, below 1, fires alone. */
#define COMPENSATED(type, real, tolerance)                                                                       \
    static void compensated_##type(void) {                                                                       \
        const uint32_t parents[] = {SAEK_NONE, 0, 0, 1}, features[] = {0, 1, 2, 3};                              \
        const uint8_t exclusive[] = {1, 0, 0, 0};                                                                \
        real rates[] = {(real)0.5, (real)0.125, (real)0.125, (real)0.0625, (real)0.75}, q[5];                    \
        size_t plan_len, unmet = 9;                                                                              \
        uint32_t *plan = new_plan(parents, features, exclusive, NULL, 4, 5, &plan_len);                          \
        WORKSPACE(saek_compensate_probabilities_workspace, plan_len);                                            \
        OK(saek_compensate_probabilities_##type(plan, plan_len, rates, 5, EXACT, q, 5, &unmet, workspace, bytes));\
        /* q (1 - q / 2) = 1/4 */                                                                                \
        NEAR(q[1], 1 - sqrt(0.5), tolerance);                                                                    \
        NEAR(q[2], 1 - sqrt(0.5), tolerance);                                                                    \
        CHECK(unmet == 0 && q[0] == (real)0.5 && q[3] == (real)0.5 && q[4] == (real)0.75);                       \
        OK(saek_compensate_probabilities_##type(plan, plan_len, rates, 5, APPROXIMATE, q, 5, &unmet, workspace,  \
                                                bytes));                                                         \
        CHECK(unmet == 0 && q[0] == (real)0.5 && q[1] == (real)0.3125 && q[2] == (real)0.3125);                  \
        CHECK(q[3] == (real)0.5 && q[4] == (real)0.75);                                                          \
        /* q_1 (1 - q_2 / 2) = 1/2 and q_2 (1 - q_1 / 2) = 1/4: their difference is 1/4. */                      \
        rates[1] = (real)0.25;                                                                                   \
        OK(saek_compensate_probabilities_##type(plan, plan_len, rates, 5, EXACT, q, 5, &unmet, workspace, bytes));\
        NEAR(q[1] - q[2], 0.25, tolerance);                                                                      \
        NEAR(q[1] * (1 - q[2] / 2), 0.5, tolerance);                                                             \
        CHECK(unmet == 0 && q[3] == (real)0.25);                                                                 \
        /* A child that shall fire more often than its parent. */                                                \
        rates[3] = (real)0.375;                                                                                  \
        OK(saek_compensate_probabilities_##type(plan, plan_len, rates, 5, EXACT, q, 5, &unmet, workspace, bytes));\
        CHECK(unmet == 1 && q[3] == 1);                                                                          \
        /* One rate for all: each sibling as often as the parent, which is too much by half, and 3 just right. */\
        OK(saek_compensate_probabilities_##type(plan, plan_len, rates, 1, EXACT, q, 5, &unmet, workspace, bytes));\
        CHECK(unmet == 2 && q[0] == rates[0] && q[3] == 1 && q[4] == rates[0]);                                  \
        /* The greatest sum of shares told from 1 is 1 - 1e-6. */                                                \
        NEAR(q[1] * (1 - q[1] / 2), (1 - 1e-6) / 2, tolerance);                                                  \
        /* Children without a rate have none, however silent the parent is. */                                   \
        rates[0] = (real)SILENT_##type;                                                                          \
        rates[1] = 1;                                                                                            \
        rates[2] = 0;                                                                                            \
        OK(saek_compensate_probabilities_##type(plan, plan_len, rates, 5, EXACT, q, 5, &unmet, workspace, bytes));\
        CHECK(unmet == 1 && q[1] > (real)0.99 && q[2] == 0);                                                     \
        OK(saek_compensate_probabilities_##type(plan, plan_len, rates, 5, APPROXIMATE, q, 5, &unmet, workspace,  \
                                                bytes));                                                         \
        CHECK(unmet == 1 && q[1] == 1 && q[2] == 0);                                                             \
        free_workspace();                                                                                        \
        free(plan);                                                                                              \
    }

#define SILENT_f32 1e-45
#define SILENT_f64 5e-324

BOTH(COMPENSATED)

/* Samples that are drawn with compensated probabilities have the rates asked for once the hierarchy was applied. */
static void rates_are_met(void) {
    enum { DRAWN = 20000, COUNT = 4 };
    static double samples[DRAWN][COUNT];
    const uint32_t parents[] = {SAEK_NONE, 0, 0, 0}, features[] = {0, 1, 2, 3};
    const uint8_t exclusive[] = {1, 0, 0, 0};
    const double rates[] = {0.5, 0.2, 0.15, 0.1};
    double q[COUNT];
    size_t plan_len, unmet, r, j;
    saek_firing_f64 firing;
    uint32_t *plan = new_plan(parents, features, exclusive, NULL, COUNT, COUNT, &plan_len);
    WORKSPACE(saek_compensate_probabilities_workspace, plan_len);
    OK(saek_compensate_probabilities_f64(plan, plan_len, rates, COUNT, EXACT, q, COUNT, &unmet, workspace, bytes));
    free_workspace();
    OK(saek_firing_f64_init(&firing));
    firing.probabilities = q;
    firing.probabilities_len = COUNT;
    OK(saek_sample_independent_f64(&firing, 1, 0, 0, samples[0], DRAWN, COUNT, COUNT));
    OK(saek_hierarchy_apply_planned_workspace(plan_len, &bytes, &r));
    workspace = new_workspace(bytes, r);
    OK(saek_hierarchy_apply_planned_f64(plan, plan_len, NULL, 0, 1, 0, 0, samples[0], DRAWN, COUNT, COUNT, workspace, bytes));
    for (j = 0; j < COUNT; j++) {
        size_t count = 0;
        for (r = 0; r < DRAWN; r++) {
            count += samples[r][j] > 0;
        }
        NEAR(count, DRAWN * rates[j], 5 * sqrt(DRAWN * rates[j] * (1 - rates[j])));
    }
    free_workspace();
    free(plan);
}

int main(void) {
    RUN_BOTH(by_hand);
    RUN_BOTH(rivals);
    RUN_BOTH(ways_agree);
    RUN_BOTH(modified);
    RUN(forest_by_hand);
    RUN(forest_by_default);
    RUN_BOTH(compensated);
    RUN(rates_are_met);
    return finish();
}
