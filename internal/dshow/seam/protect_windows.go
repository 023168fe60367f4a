//go:build windows && cgo

package seam

import (
	"bytes"
	"errors"
	"unsafe"

	"golang.org/x/sys/windows"
)

// protect hides bytes with the key that Windows keeps for the user: other users
// and other machines can't read them. It asks nobody anything.
func protect(clear []byte) ([]byte, error) {
	var out windows.DataBlob
	err := windows.CryptProtectData(blob(clear), nil, nil, 0, nil, windows.CRYPTPROTECT_UI_FORBIDDEN, &out)
	return taken(out, err)
}

// unprotect shows what protect hid.
func unprotect(hidden []byte) ([]byte, error) {
	var out windows.DataBlob
	err := windows.CryptUnprotectData(blob(hidden), nil, nil, 0, nil, windows.CRYPTPROTECT_UI_FORBIDDEN, &out)
	return taken(out, err)
}

func blob(b []byte) *windows.DataBlob {
	return &windows.DataBlob{Size: uint32(len(b)), Data: unsafe.SliceData(b)}
}

var errNoBytes = errors.New("nothing came back")

// taken copies what Windows allocated, and gives it back.
func taken(out windows.DataBlob, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	if out.Data == nil {
		return nil, errNoBytes
	}
	defer windows.LocalFree(windows.Handle(unsafe.Pointer(out.Data)))
	return bytes.Clone(unsafe.Slice(out.Data, out.Size)), nil
}
