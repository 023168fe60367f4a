package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"rtmpwriter/publish"
)

// maxSecretFile is far above any stream key with its token.
const maxSecretFile = 64 << 10

// readCompanions reads the options that are given as the name of a file.
func (s *Settings) readCompanions() error {
	for _, name := range Names() {
		g, ok := s.files[name]
		if !ok || g.Text == "" { // an empty name gives up a weaker source's
			continue
		}
		f := s.fields[name]
		text, err := firstLine(g.Text)
		if err != nil {
			return &publish.OptionError{Name: g.Name, Value: g.Text, Reason: err.Error(), Source: g.Source}
		}
		if err := s.set(f, text, fmt.Sprintf("%s (%s)", g.Text, g.Source)); err != nil {
			return err
		}
	}
	return nil
}

// firstLine is the first line of a file, without the byte order mark that some
// editors put before it.
func firstLine(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", withoutName(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSecretFile))
	if err != nil {
		return "", withoutName(err)
	}
	line, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte(byteOrderMark)), []byte("\n"))
	secret := strings.TrimSpace(string(line))
	if secret == "" || strings.ContainsRune(secret, 0) {
		return "", errors.New("its first line is empty, or no text")
	}
	return secret, nil
}

// withoutName is the cause of a file's error; its name is told already.
func withoutName(err error) error {
	if cause := errors.Unwrap(err); cause != nil {
		return cause
	}
	return err
}
