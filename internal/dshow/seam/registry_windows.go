//go:build windows && cgo

package seam

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"rtmpwriter/internal/dshow/store"
	"rtmpwriter/publish"
)

// maxValues and maxText bound what is read of one key: far above all options with
// their longest values.
const (
	maxValues = 1000
	maxText   = 1 << 16
)

// loadDefaults are the options of a new filter, and what is wrong about them in
// the registry.
func loadDefaults() (publish.Options, []error) { return store.Defaults(windowsRegistry{}) }

// windowsRegistry is the registry as this process sees it: a 32-bit one has its
// own HKEY_LOCAL_MACHINE\Software (Wow6432Node).
type windowsRegistry struct{}

// Values reads a key, see store.Registry.
func (windowsRegistry) Values(root, key string) (map[string]string, error) {
	k, err := registry.OpenKey(map[string]registry.Key{store.Machine: registry.LOCAL_MACHINE, store.User: registry.CURRENT_USER}[root], key, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer k.Close()
	names, err := k.ReadValueNames(maxValues)
	if errors.Is(err, io.EOF) { // fewer than that
		err = nil
	}
	values := map[string]string{}
	var wrong []error
	for _, name := range names {
		text, err := valueText(k, name)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("value %.40q: %w", name, err))
			continue
		}
		values[name] = text
	}
	return values, errors.Join(append(wrong, err)...)
}

// valueText reads one value.
func valueText(k registry.Key, name string) (string, error) {
	size, kind, err := k.GetValue(name, nil)
	switch {
	case err != nil:
		return "", err
	case size > maxText:
		return "", fmt.Errorf("it has %d bytes: at most %d", size, maxText)
	}
	switch kind {
	case registry.SZ, registry.EXPAND_SZ:
		text, _, err := k.GetStringValue(name)
		if err == nil && kind == registry.EXPAND_SZ {
			text, err = registry.ExpandString(text)
		}
		return text, err
	case registry.MULTI_SZ:
		list, _, err := k.GetStringsValue(name)
		return strings.Join(list, " "), err
	case registry.DWORD, registry.QWORD:
		n, _, err := k.GetIntegerValue(name)
		return fmt.Sprint(n), err
	}
	return "", errors.New("it must be text (REG_SZ) or a number (REG_DWORD)")
}

// debugger is what the log goes to that has no file: OutputDebugString, which
// debuggers and tools such as DebugView show.
type debugger struct{}

// Write shows one line.
func (debugger) Write(line []byte) (int, error) {
	if text, err := windows.UTF16PtrFromString("nRtmpRenderer: " + string(line)); err == nil {
		_, _, _ = outputDebugString.Call(uintptr(unsafe.Pointer(text)))
	}
	return len(line), nil
}

var outputDebugString = windows.NewLazySystemDLL("kernel32.dll").NewProc("OutputDebugStringW")

// logs are shared by all filters of this process.
var logs = store.Logs{Console: debugger{}}

// openLog opens the log that the options name; done gives it back.
func openLog(o publish.Options) (log *slog.Logger, done func() error) {
	return logs.Open(o.LogFile, o.Trace)
}

// tell writes to the log what was left out of the options.
func tell(o publish.Options, problems []error) {
	if len(problems) == 0 {
		return
	}
	log, done := openLog(o)
	for _, p := range problems {
		log.Warn("left out", "cause", p.Error())
	}
	_ = done() // what can't be written has been told
}
