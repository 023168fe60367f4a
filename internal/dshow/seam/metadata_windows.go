//go:build windows && cgo

package seam

/*
#include "seam.h"
void setErrorText(const uint16_t *text);
*/
import "C"

import (
	"context"
	"errors"
	"time"
	"unsafe"

	"rtmpwriter/amf0"
	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
)

// longestCommand bounds the wait for a server's answer to a command.
const longestCommand = 10 * time.Second

//export goSendMetadata
func goSendMetadata(h C.uintptr_t, handler *C.uint16_t, handlerLength C.int, json *C.uint16_t, jsonLength C.int, stored C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	err := rendererOf(h).SendMetadata(narrow(handler, handlerLength), narrow(json, jsonLength), stored != 0)
	return answerToData(err)
}

//export goSendCommand
func goSendCommand(h C.uintptr_t, name *C.uint16_t, nameLength C.int, json *C.uint16_t, jsonLength C.int, answer **C.uint16_t) (hr C.int32_t) {
	defer guard(&hr)
	ctx, cancel := context.WithTimeout(context.Background(), longestCommand)
	defer cancel()
	text, err := rendererOf(h).SendCommand(ctx, narrow(name, nameLength), narrow(json, jsonLength))
	if err != nil {
		return answerToData(err)
	}
	*answer = wide(text)
	return 0
}

// answerToData tells what is wrong with the message from what is wrong with the
// connection.
func answerToData(err error) C.int32_t {
	var (
		json    *amf0.JSONError
		refused *publish.DataError
	)
	switch {
	case errors.As(err, &json), errors.As(err, &refused):
		return refuse(com.InvalidArg, err)
	case errors.Is(err, publish.ErrNotConnected):
		return refuse(com.NetConnect, err)
	}
	return answerWith(err)
}

// refuse answers with hr, and leaves the error's words for the caller's thread.
func refuse(hr com.HRESULT, err error) C.int32_t {
	text := wide(err.Error())
	defer C.free(unsafe.Pointer(text))
	C.setErrorText(text)
	return C.int32_t(hr)
}
