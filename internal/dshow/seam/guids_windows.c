//go:build windows && cgo

// The GUIDs of the public header have their memory here.
#include <initguid.h>
#include "../../../include/RTMPWriterOptions.h"
