/* Huber's loss in C, behind the table itself.
 *
 * cc -shared -fPIC -O2 huber.c -o huber_c.so && assay verify --plugin ./huber_c.so
 */
#include <assay/testee.h>
#include <math.h>
#include <string.h>

static const char* describe(void) {
  return "{\"assay\": 1, \"implementation\": {\"name\": \"huber.c\", \"version\": \"1\", \"language\": \"c\"}, \"losses\": {"
         "\"huber\": {\"dtypes\": [\"f32\"], \"reductions\": [\"none\"], \"gradient\": [\"prediction\"], \"inputs\": []}}}";
}

static const DLTensor* input(const AssayRequest* r, const char* name) {
  for (size_t i = 0; i < r->input_count; ++i)
    if (strcmp(r->inputs[i].name, name) == 0) return r->inputs[i].tensor;
  return NULL;
}

static int32_t answer(const AssayRequest* r) {
  const DLTensor *p = input(r, "prediction"), *t = input(r, "target"), *c = input(r, "cotangent");
  const float delta = (float)r->parameters[0].real; /* its only one */
  int64_t n = 1;
  for (int axis = 0; axis < p->ndim; ++axis) n *= p->shape[axis];
  for (int64_t i = 0; i < n; ++i) {
    const float d = ((const float*)p->data)[i] - ((const float*)t->data)[i], a = fabsf(d);
    ((float*)r->outputs[0].tensor->data)[i] = a <= delta ? .5f * d * d : delta * (a - .5f * delta);
    if (r->output_count < 2) continue;
    const float slope = a > delta ? copysignf(delta, d) : d, weight = c ? ((const float*)c->data)[i] : 1;
    ((float*)r->outputs[1].tensor->data)[i] = weight == 0 ? 0 : slope * weight;
  }
  return ASSAY_ANSWERED;
}

const AssayTestee* assay_testee_v1(void) {
  static const AssayTestee table = {sizeof(AssayTestee), describe, answer, NULL};
  return &table;
}
