// From a recipe to a judged autoencoder in C++17: vectors for memory, lambdas for callbacks.
#include "check.h"
#include "sae_kernels.h"

#include <cmath>
#include <cstdint>
#include <vector>

namespace {

constexpr std::size_t features = 5, cols = 6, latents = features;

// A workspace as a query asks for it.
class Workspace {
public:
    Workspace(std::size_t bytes, std::size_t align) : memory(bytes + align), size(bytes), alignment(align) {}

    void *data() {
        const auto past = reinterpret_cast<std::uintptr_t>(memory.data()) % alignment;
        return memory.data() + (past == 0 ? 0 : alignment - past);
    }

    std::size_t bytes() const { return size; }

private:
    std::vector<unsigned char> memory;
    std::size_t size, alignment;
};

// Independent features under a hierarchy and whatever `modify` does, which counts its calls.
struct Recipe {
    std::vector<double> probabilities = std::vector<double>(features, 0.5);
    std::vector<std::uint32_t> parents{SAEK_NONE, 0}, nodes{0, 1};
    std::vector<std::uint8_t> exclusive{0, 0};
    int calls = 0, answer = 0;
    saek_firing_f64 firing{};
    saek_modifier_f64 hierarchy{}, callback{};
    std::vector<const saek_modifier_f64 *> modifiers{&hierarchy, &callback};
    saek_generator_f64 generator{};

    Recipe() {
        CHECK(saek_firing_f64_init(&firing) == SAEK_STATUS_OK);
        firing.probabilities = probabilities.data();
        firing.probabilities_len = probabilities.size();
        hierarchy.struct_size = callback.struct_size = sizeof hierarchy;
        hierarchy.kind = SAEK_MODIFIER_HIERARCHY;
        hierarchy.parents = parents.data();
        hierarchy.features = nodes.data();
        hierarchy.exclusive = exclusive.data();
        hierarchy.nodes = parents.size();
        callback.kind = SAEK_MODIFIER_CALLBACK;
        callback.context = this;
        callback.modify = [](void *context, std::uint64_t first_row, double *activations, std::size_t rows, std::size_t,
                             std::size_t stride) {
            auto &recipe = *static_cast<Recipe *>(context);
            recipe.calls++;
            // The last feature is the parity of the sample.
            for (std::size_t r = 0; r < rows; r++) {
                activations[r * stride + features - 1] = static_cast<double>((first_row + r) % 2);
            }
            return recipe.answer;
        };
        generator.struct_size = sizeof generator;
        generator.features = features;
        generator.firing = &firing;
        generator.modifiers = modifiers.data();
        generator.modifiers_len = modifiers.size();
        generator.seed = 3;
    }

    // The generator points into this object.
    Recipe(const Recipe &) = delete;
    Recipe &operator=(const Recipe &) = delete;

    std::vector<double> sample(std::uint64_t first_row, std::size_t rows) {
        std::size_t bytes = 0, align = 0;
        CHECK(saek_generator_sample_f64_workspace(&generator, &bytes, &align) == SAEK_STATUS_OK);
        Workspace workspace(bytes, align);
        std::vector<double> out(rows * features);
        CHECK(saek_generator_sample_f64(&generator, first_row, out.data(), rows, features, workspace.data(), bytes) ==
              SAEK_STATUS_OK);
        return out;
    }
};

std::vector<double> unit_vectors() {
    std::vector<double> dictionary(features * cols);
    for (std::size_t i = 0; i < features; i++) {
        dictionary[i * cols + i] = 1;
    }
    return dictionary;
}

void samples_do_not_depend_on_the_split() {
    Recipe recipe;
    const auto whole = recipe.sample(10, 20);
    auto parts = recipe.sample(10, 7);
    const auto rest = recipe.sample(17, 13);
    parts.insert(parts.end(), rest.begin(), rest.end());
    CHECK(whole == parts && recipe.calls == 3);
    for (std::size_t r = 0; r < 20; r++) {
        CHECK(whole[r * features] > 0 || whole[r * features + 1] == 0);
        CHECK(whole[r * features + features - 1] == static_cast<double>(r % 2));
    }
}

// The weights that `saek_sae_initialise_to_match_f64` gives.
struct Model {
    std::vector<double> encoder = std::vector<double>(cols * latents), encoder_bias = std::vector<double>(latents);
    std::vector<double> decoder = std::vector<double>(latents * cols), decoder_bias = std::vector<double>(cols);
    saek_sae_f64 sae{};
    int encode_answer = 0;

    explicit Model(const std::vector<double> &dictionary) {
        CHECK(saek_sae_f64_init(&sae) == SAEK_STATUS_OK);
        sae.cols = cols;
        sae.latents = latents;
        sae.encoder = encoder.data();
        sae.encoder_stride = latents;
        sae.encoder_bias = encoder_bias.data();
        sae.decoder = decoder.data();
        sae.decoder_stride = cols;
        sae.decoder_bias = decoder_bias.data();
        CHECK(saek_sae_initialise_to_match_f64(&sae, dictionary.data(), features, cols, 0, nullptr, 0, 0) ==
              SAEK_STATUS_OK);
    }

    Model(const Model &) = delete;
    Model &operator=(const Model &) = delete;
};

void a_matching_autoencoder_is_perfect_until_it_stops() {
    Recipe recipe;
    const auto dictionary = unit_vectors();
    Model model(dictionary);
    saek_evaluate_params params{};
    saek_metrics metrics{};
    double mcc = -1;
    std::uint64_t done = 0;
    CHECK(saek_evaluate_params_init(&params) == SAEK_STATUS_OK && saek_metrics_init(&metrics) == SAEK_STATUS_OK);
    params.samples = 50;
    params.batch = 20;
    std::size_t bytes = 0, align = 0;
    CHECK(saek_evaluate_f64_workspace(&recipe.generator, cols, latents, &params, &bytes, &align) == SAEK_STATUS_OK);
    Workspace workspace(bytes, align);
    const auto evaluate = [&] {
        return saek_evaluate_f64(
            &recipe.generator, dictionary.data(), cols, cols, nullptr, model.decoder.data(), latents, cols,
            [](void *context, const double *hidden, std::size_t rows, std::size_t, std::size_t hidden_stride,
               double *encoded, std::size_t, std::size_t encoded_stride) {
                const auto &m = *static_cast<Model *>(context);
                std::size_t needed = 0, alignment = 0;
                CHECK(saek_sae_encode_f64_workspace(rows, cols, &needed, &alignment) == SAEK_STATUS_OK);
                Workspace scratch(needed, alignment);
                CHECK(saek_sae_encode_f64(&m.sae, hidden, rows, hidden_stride, encoded, encoded_stride, scratch.data(),
                                          scratch.bytes()) == SAEK_STATUS_OK);
                return m.encode_answer;
            },
            [](void *context, const double *encoded, std::size_t rows, std::size_t, std::size_t encoded_stride,
               double *decoded, std::size_t, std::size_t decoded_stride) {
                const auto &m = *static_cast<Model *>(context);
                CHECK(saek_sae_decode_f64(&m.sae, encoded, rows, encoded_stride, decoded, decoded_stride) ==
                      SAEK_STATUS_OK);
                return 0;
            },
            &model, &params,
            [](void *context, const saek_progress *progress) {
                *static_cast<std::uint64_t *>(context) = progress->step;
                return 0;
            },
            &done, &metrics, &mcc, workspace.data(), workspace.bytes());
    };
    model.encode_answer = 1;
    CHECK(evaluate() == SAEK_STATUS(SAEK_STATUS_CANCELLED, SAEK_ARGUMENT_ENCODE));
    model.encode_answer = 0;
    recipe.answer = 1;
    CHECK(evaluate() == SAEK_STATUS(SAEK_STATUS_CANCELLED, SAEK_ARGUMENT_MODIFIERS));
    recipe.answer = 0;
    CHECK(mcc == -1 && metrics.samples == 0 && done == 0);
    CHECK(evaluate() == SAEK_STATUS_OK && done == 50);
    CHECK(std::abs(mcc - 1) < 1e-12 && std::abs(metrics.shrinkage - 1) < 1e-12);
    CHECK(metrics.samples == 50 && metrics.sae_l0 > 0 && metrics.dead_latents == 0);
}

} // namespace

int main() {
    RUN(samples_do_not_depend_on_the_split);
    RUN(a_matching_autoencoder_is_perfect_until_it_stops);
    return finish();
}
