// What the graph and the writer tell while they run, printed.
#pragma once

#include "writer.h"

enum Outcome { RUNNING, COMPLETE, ABORTED };

// PrintEvent prints one event of the graph and tells whether it was the last.
Outcome PrintEvent(IBaseFilter *writer, long code, LONG_PTR p1, LONG_PTR p2);

// PrintStatus prints one status of the connection.
void PrintStatus(int status, const char *url, const std::string &reason);

// OnStatus is a status handler for IRTMPStatusNotify; its context is unused. It
// is called on threads of the filter's: be quick, and don't wait for the graph.
void __stdcall OnStatus(int status, const char *url, void *context);
