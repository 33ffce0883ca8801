using System.Runtime.InteropServices;

namespace Cfx.Core.Reporting;

/// <summary>What is kept of a complete pair: numbers, and texts that all comparisons share.</summary>
/// <param name="Conversation">Groups pairs for clustered errors.</param>
/// <param name="Item">The test item.</param>
/// <param name="Score">Model1's: 1, 1/2 or 0.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Category">Such as "UR2"; null when the file does not tell.</param>
/// <param name="Model1First">For pairs judged in one order: was model1 in slot A?</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct JudgedPair(string Conversation, string Item, double Score, PairShape Shape, string? Category, bool? Model1First);
