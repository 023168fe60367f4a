//go:build windows && cgo

package seam

/*
#include "seam.h"
*/
import "C"

import (
	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow"
	"rtmpwriter/internal/dshow/abi"
	"rtmpwriter/publish"
)

// setOption sets an option, and says by the answer whether it is in force.
func setOption(r *dshow.Renderer, name, text string) C.int32_t {
	kept, err := r.SetOption(name, text)
	if err == nil && kept {
		return C.int32_t(com.False)
	}
	return answerWith(err)
}

// optionAt finds the option at a place of the table, among the fields.
func optionAt(fields []publish.Field, index C.int32_t) (abi.Option, publish.Field, bool) {
	o, ok := abi.At(int(index))
	if !ok {
		return o, publish.Field{}, false
	}
	f, ok := o.FieldOf(fields)
	return o, f, ok
}

//export goOptionSetNumber
func goOptionSetNumber(h C.uintptr_t, index, number C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	o, f, ok := optionAt(r.Fields(), index)
	if !ok {
		return C.int32_t(com.InvalidArg)
	}
	text, err := o.Word(f, int32(number))
	if err != nil {
		return answerWith(err)
	}
	return setOption(r, o.Name, text)
}

//export goOptionGetNumber
func goOptionGetNumber(h C.uintptr_t, index C.int32_t, number *C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	o, f, ok := optionAt(rendererOf(h).Fields(), index)
	if !ok {
		return C.int32_t(com.InvalidArg)
	}
	n, ok := o.Number(f, f.Value.String())
	if !ok {
		return C.int32_t(com.Unexpected)
	}
	*number = C.int32_t(n)
	return 0
}

//export goOptionSetText
func goOptionSetText(h C.uintptr_t, index C.int32_t, s *C.uint16_t, n C.int) (hr C.int32_t) {
	defer guard(&hr)
	o, ok := abi.At(int(index))
	if !ok {
		return C.int32_t(com.InvalidArg)
	}
	return setOption(rendererOf(h), o.Name, narrow(s, n))
}

// goOptionGetText gives the url whole, as IFileSinkFilter does, and other secrets
// masked.
//
//export goOptionGetText
func goOptionGetText(h C.uintptr_t, index C.int32_t, out **C.uint16_t) (hr C.int32_t) {
	defer guard(&hr)
	o, f, ok := optionAt(rendererOf(h).Fields(), index)
	switch {
	case !ok:
		return C.int32_t(com.InvalidArg)
	case o.Name == "url":
		*out = wide(f.Value.String())
	default:
		*out = wide(f.Show())
	}
	return 0
}

//export goSetOption
func goSetOption(h C.uintptr_t, name *C.uint16_t, n C.int, value *C.uint16_t, length C.int) (hr C.int32_t) {
	defer guard(&hr)
	return setOption(rendererOf(h), narrow(name, n), narrow(value, length))
}

//export goGetOption
func goGetOption(h C.uintptr_t, name *C.uint16_t, n C.int, out **C.uint16_t) (hr C.int32_t) {
	defer guard(&hr)
	wanted := narrow(name, n)
	for _, f := range rendererOf(h).Fields() {
		if f.Name == wanted {
			*out = wide(f.Show())
			return 0
		}
	}
	return answerWith(&publish.OptionError{Name: wanted, Reason: "there is no such option"})
}
