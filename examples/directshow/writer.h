// The RTMP Writer's filter: making one, and telling it what to do.
#pragma once

#include "mediatype.h" // dshow.h
#include "settings.h"

#include "RTMPWriterOptions.h"

// CreateWriter makes the filter. With a module's name the file is loaded as it
// lies there, and need not be registered.
HRESULT CreateWriter(const std::wstring &module, IBaseFilter **writer);

// Configure sets URL and options. On failure, what is a text of the place.
HRESULT Configure(IBaseFilter *writer, const Settings &settings, std::string *what);

// Reason is why the writer is not connected, in its own words; empty: no reason.
std::string Reason(IBaseFilter *writer);
