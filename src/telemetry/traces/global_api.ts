/** The API of OpenTelemetry, for what users wrote: the process has one. @module */

import { context, ProxyTracerProvider, trace, type TracerProvider } from "@opentelemetry/api";
import { type UserWork, WatchedContexts, WatchedTracers } from "./user_work.ts";

/**
 * Has the API make spans by this provider, in place of the one before: a reload begins what is new before what was there
 * ends.
 *
 * @param users whose functions use it
 * @returns a function that leaves the API without one, unless another has taken its place
 */
export function provideTracers(tracers: TracerProvider, users: UserWork): () => void {
  const provider = new WatchedTracers(tracers, users);
  if (!trace.setGlobalTracerProvider(provider)) current()?.setDelegate(provider);
  context.disable();
  context.setGlobalContextManager(new WatchedContexts(users).enable());
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
