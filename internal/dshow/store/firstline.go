package store

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
)

// maxSecretFile is far above any stream key with its token.
const maxSecretFile = 64 << 10

// firstLine is the first line of a file, without the byte order mark that some
// editors put before it. The error is without the file's name.
func firstLine(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", cause(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSecretFile))
	if err != nil {
		return "", cause(err)
	}
	line, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), []byte("\n"))
	secret := strings.TrimSpace(string(line))
	if secret == "" || strings.ContainsRune(secret, 0) {
		return "", errors.New("its first line is empty, or no text")
	}
	return secret, nil
}

// cause is a file's error without its name, which is told already.
func cause(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}
