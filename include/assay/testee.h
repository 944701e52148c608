/* A loss function under test, as a shared library: the C ABI of Assay, version 1.
 *
 * A library that exports assay_testee_v1 can be checked with
 *
 *     assay verify --plugin ./libmine.so
 *
 * C99 and C++11 or later; needs nothing but DLPack's header (Debian: libdlpack-dev). Who has a plain function
 * and no wish to fill a table finds one line that does it in <assay/testee.hpp>.
 *
 * Rules for both sides:
 *
 * - Growth. Structs that begin with a `size` grow at their end only; whoever reads one reads no member beyond
 *   the size that the other side wrote. Structs without it (parameters, inputs, outputs) never change.
 * - Ownership. Everything in a request belongs to the host and is valid until `answer` returns. The table and
 *   the text of `describe` belong to the plugin and stay as they are while the library is loaded.
 * - Tensors. Row-major, on the CPU (device kDLCPU), one lane, `byte_offset` 0. `data` points to the first
 *   number, is never NULL, and is aligned to the size of a number and to nothing more. Labels, lengths and
 *   other whole numbers are int64 (kDLInt, 64 bits); all else is in the request's dtype (kDLFloat, 32 or 64
 *   bits). A scalar has ndim 0; an extent may be 0. `strides` is NULL, which means compact; only a plugin
 *   whose handshake says "strided": true gets inputs with strides (in numbers, as DLPack counts, and none of
 *   them negative). Outputs are always compact, and never overlap an input.
 * - What a plugin may write: the outputs, every number of them, and the message. Neither an input nor a byte
 *   beside a tensor: the host looks. Outputs hold nothing of use before: they are set, not added to.
 * - Threads. The host makes one call at a time. `answer` may use threads of its own.
 * - Requests are inside the loss's domain and of consistent shapes: a function that is only defined there can
 *   be put behind this table as it is. Labels to be ignored are the one exception, as in the catalogue.
 * - Faults. No exception and no longjmp leaves a call. Standard output and standard error are the plugin's to
 *   print on; both are shown as its standard error.
 */
#ifndef ASSAY_TESTEE_H
#define ASSAY_TESTEE_H

#include <dlpack/dlpack.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum AssayParameterKind {
  ASSAY_REAL = 0,    /* `real` */
  ASSAY_INTEGER = 1, /* `integer` */
  ASSAY_BOOLEAN = 2, /* `integer`, 0 or 1 */
  ASSAY_TEXT = 3,    /* `text` */
  ASSAY_LIST = 4     /* `list`, `length` numbers */
};

/* A parameter of the loss: the kind is the catalogue's ('assay losses --json'), whatever the value. Every
 * parameter of the loss is there, those at their default too. A real one is rounded to the request's dtype.
 */
typedef struct AssayParameter {
  const char* name;
  int32_t kind; /* of AssayParameterKind */
  double real;  /* of a whole number and a boolean, too */
  int64_t integer;
  const char* text;
  const double* list;
  size_t length; /* of the list, or of the text without its final 0 */
} AssayParameter;

typedef struct AssayInput {
  const char* name;
  const DLTensor* tensor;
} AssayInput;

typedef struct AssayOutput {
  const char* name; /* "value", or the input by which the gradient is taken */
  DLTensor* tensor; /* allocated and shaped by the host; its numbers are the plugin's to write */
} AssayOutput;

typedef struct AssayRequest {
  size_t size;           /* of this struct, as the host knows it */
  const char* loss;      /* "huber" */
  const char* variant;   /* of the loss, where the handshake offers several; else "" */
  const char* dtype;     /* "f32" or "f64" */
  const char* reduction; /* "none", "sum" or "mean" */
  const AssayParameter* parameters;
  size_t parameter_count;
  /* Those that the case has, "cotangent" among them: it has the value's shape and weighs it in the gradients.
   * Without it a gradient is that of the sum of the value's numbers. */
  const AssayInput* inputs;
  size_t input_count;
  const AssayOutput* outputs; /* the value, then a gradient for each name that is asked for */
  size_t output_count;
  char* message; /* room for a text that ends with a 0: why it was skipped, or what went wrong */
  size_t message_size;
} AssayRequest;

enum AssayOutcome {
  ASSAY_ANSWERED = 0, /* every output is written */
  ASSAY_SKIPPED = 1,  /* not for this one; say why in the message. Of a valid case that counts as a failure */
  ASSAY_ERROR = 2     /* it went wrong; say how in the message */
};

typedef struct AssayTestee {
  size_t size; /* of this struct, as the plugin knows it */
  /* The handshake of the protocol, as JSON in UTF-8: name and version, and which losses with which dtypes,
   * reductions, parameters and gradients are offered. Only those are asked. */
  const char* (*describe)(void);
  /* Of AssayOutcome. */
  int32_t (*answer)(const AssayRequest* request);
  /* NULL, or what carries numbers through the plugin's own kind of tensor and back: shows what that loses
   * before any loss is blamed. Both are compact vectors of one length; 0 when `to` is written. */
  int32_t (*echo)(const DLTensor* from, DLTensor* to);
} AssayTestee;

#if defined(__GNUC__)
#define ASSAY_EXPORT __attribute__((visibility("default")))
#else
#define ASSAY_EXPORT
#endif

/* What the plugin defines. NULL says that it cannot serve here; it then prints why on standard error. */
ASSAY_EXPORT const AssayTestee* assay_testee_v1(void);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
