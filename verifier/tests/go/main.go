// Command lawgatecheck checks a tiled log with the Go team's own note and tlog packages and nothing of Lawgate's:
// the log's signature, the root over the tiles, and that every entry of the bundles is included.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"lawgatecheck/note"
	"lawgatecheck/tlog"
)

const bundleWidth = 256

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: lawgatecheck LOGDIR VKEY")
		os.Exit(2)
	}
	tree, err := check(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "REFUSED:", err)
		os.Exit(1)
	}
	// The caller demands this line: an exit code alone is not trusted.
	fmt.Printf("VERIFIED %d %s\n", tree.N, tree.Hash)
}

func check(dir, vkey string) (tlog.Tree, error) {
	tree, err := head(dir, vkey)
	if err != nil {
		return tree, err
	}
	hashes := tlog.TileHashReader(tree, tiles{dir})
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return tree, err
	}
	if root != tree.Hash {
		return tree, fmt.Errorf("root mismatch")
	}
	for start := int64(0); start < tree.N; start += bundleWidth {
		if err := bundle(dir, tree, hashes, start); err != nil {
			return tree, err
		}
	}
	return tree, nil
}

func head(dir, vkey string) (tlog.Tree, error) {
	var tree tlog.Tree
	raw, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return tree, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tree, fmt.Errorf("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] || size < 0 {
		return tree, fmt.Errorf("malformed size")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tree, fmt.Errorf("malformed root")
	}
	tree.N = size
	copy(tree.Hash[:], root)
	return tree, nil
}

func bundle(dir string, tree tlog.Tree, hashes tlog.HashReader, start int64) error {
	width := min(bundleWidth, tree.N-start)
	tile := tlog.Tile{H: 8, L: -1, N: start / bundleWidth, W: int(width)}
	raw, err := os.ReadFile(filepath.Join(dir, place(tile)))
	if err != nil {
		return err
	}
	for index := start; index < start+width; index++ {
		if len(raw) < 2 || len(raw) < 2+int(binary.BigEndian.Uint16(raw)) {
			return fmt.Errorf("entry %d: the bundle ends early", index)
		}
		length := 2 + int(binary.BigEndian.Uint16(raw))
		entry := raw[2:length]
		raw = raw[length:]
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		if err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	if len(raw) > 0 {
		return fmt.Errorf("the bundle at %d holds more than its entries", start)
	}
	return nil
}

// tiles reads a folder in C2SP's layout, which has no height in its paths and says "entries" for data.
type tiles struct{ dir string }

func (t tiles) Height() int                         { return 8 }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		raw, err := os.ReadFile(filepath.Join(t.dir, place(tile)))
		if err != nil {
			return nil, err
		}
		found[i] = raw
	}
	return found, nil
}

func place(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return filepath.FromSlash(strings.Replace(path, "tile/data/", "tile/entries/", 1))
}
