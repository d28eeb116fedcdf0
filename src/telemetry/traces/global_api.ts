/** The API of OpenTelemetry, for what users wrote: the process has one. @module */

import { context, ProxyTracerProvider, trace, type TracerProvider } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";

/**
 * Has the API make spans by this provider, in place of the one before: a reload begins what is new before what was there
 * ends.
 *
 * @returns a function that leaves the API without one, unless another has taken its place
 */
export function provideTracers(provider: TracerProvider): () => void {
  if (!trace.setGlobalTracerProvider(provider)) current()?.setDelegate(provider);
  // It has no state: one does for all providers.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return () => {
    if (current()?.getDelegate() !== provider) return;
    trace.disable();
    context.disable();
  };
}

function current(): ProxyTracerProvider | null {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider ? provider : null;
}
